import { writeChanged } from "./files";
import type { AppFolder } from "./host";
import { type AppDefinition, planMigrations } from "./migration-files";
import { addToSchema } from "./models";
import type { InitOptions } from "./options";

/** The second step: the migration of what the definitions say, and the same in the words of schema.prisma. */
export async function writeAppMigration(
  app: AppFolder,
  loaded: AppDefinition[],
  { name, ...options }: Pick<InitOptions, "isDryRun"> & { name: string },
  write: (line: string) => void,
): Promise<void> {
  const migrations = planMigrations(app.folder, app.migrations, name, loaded);
  let { schema } = app;
  for (const { definition, appPart } of loaded) {
    schema = { ...schema, files: addToSchema({ schema }, definition, appPart) };
  }
  if (options.isDryRun) write("Nothing is written.");
  for (const file of migrations) if (writeChanged(app.folder, file, options)) write(`new      ${file.path}`);
  for (const file of schema.files) if (writeChanged(app.folder, file, options)) write(`changed  ${file.path}`);
  if (migrations.length === 0) {
    write("No migration is to be written: the last one left what the definition says.");
    return;
  }
  write(`
Next:
1. Read the migration: it is plain SQL, to be changed where you must.
2. In your app: ${app.installCommand}, npx prisma generate
3. In your app: npx prisma migrate deploy. It is one transaction, which your readers and writers wait for: on a database in
   use take it beside them instead: npm run rollup -- init --app ${app.folder} --online`);
}
