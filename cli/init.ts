import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { checkDatabase } from "./init/check-database";
import { readAppFolder } from "./init/host";
import { loadDefinitions } from "./init/migration-files";
import { installOnline } from "./init/online";
import type { InitOptions } from "./init/options";
import { writeAppFiles } from "./init/write-app";
import { writeAppMigration } from "./init/write-migration";

const usage = `  init               Takes the rollup into another app, of Remix or React Router with Prisma on PostgreSQL:

                     npm run rollup -- init --app ../my-app
                     npm run rollup -- init --app ../my-app --migration daily_analytics

                     The first command copies the engine, proposes in app/testimonial-rollup.ts what is counted, and writes
                     the module and the routes that put it to work. The second one writes the migration of what that file
                     says, and its models. With DATABASE_URL set it looks at the database first.
                     Both can be called again: what you have changed stays, but for files that --force <path> names.
                     --dry-run writes nothing and says what would be written. --definition <path> names the module of a
                     further rollup. --online takes the written migration beside readers and writers of DATABASE_URL.
`;

/**
 * `init`: takes the rollup into the app of another folder, in two steps. Prints what it does, and returns the process's
 * exit code.
 *
 * @throws Error with a sentence for the terminal, when the app can't take it.
 */
export async function init(args: string[], write: (line: string) => void): Promise<number> {
  if (args.includes("--help")) {
    write(usage);
    return 0;
  }
  const options = parseInitArgs(args);
  const app = readAppFolder(options.folder);
  if (options.migration === undefined && !options.isOnline) {
    await writeAppFiles(app, options, write);
    return 0;
  }
  const loaded = await loadDefinitions(options.folder, options.definitions);
  if (options.isOnline) {
    return installOnline(join(options.folder, app.migrations), loaded, { isDryRun: options.isDryRun, write });
  }
  const databaseUrl = process.env.DATABASE_URL;
  if (databaseUrl) await checkDatabase(databaseUrl, loaded);
  await writeAppMigration(app, loaded, { ...options, name: options.migration ?? "" }, write);
  if (!databaseUrl)
    write(
      "\nDATABASE_URL is not set, so the database was not looked at. The migration does so before it changes anything.",
    );
  return 0;
}

function parseInitArgs(args: string[]): InitOptions {
  const { values } = parseArgs({
    args,
    options: {
      app: { type: "string" },
      migration: { type: "string" },
      definition: { type: "string", multiple: true, default: [] },
      force: { type: "string", multiple: true, default: [] },
      online: { type: "boolean", default: false },
      "dry-run": { type: "boolean", default: false },
    },
  });
  const { app, migration } = values;
  if (!app || !existsSync(app)) {
    throw new Error(`--app is ${JSON.stringify(app ?? "")}; it must name your app's folder, for example ../my-app.`);
  }
  if (migration !== undefined && !/^[a-z][a-z0-9_]{0,90}$/.test(migration)) {
    throw new Error(
      `--migration is ${JSON.stringify(migration)}; it must be one word of lower-case letters, digits and underscores, ` +
        "for example daily_analytics.",
    );
  }
  return {
    folder: resolve(app),
    isDryRun: values["dry-run"],
    forced: values.force,
    migration,
    isOnline: values.online,
    definitions: values.definition,
  };
}
