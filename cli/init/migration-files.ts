import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { AppPart } from "../../app/services/rollup/definition/app-part";
import { findLastDefinition } from "../../app/services/rollup/definition/definition-row-sql";
import { toInstallSql } from "../../app/services/rollup/definition/install-sql";
import { toMigration } from "../../app/services/rollup/definition/migration-sql";
import type { Definition } from "../../app/services/rollup/definition/rollup";
import { readMigrations } from "../migration";
import type { AppFile } from "./own-files";
import { toTenantsMigration } from "./tenants-sql";

/** A definition of an app's, in a module of its own, and what its first migration does beside. */
export type AppDefinition = { definition: Definition; appPart?: AppPart | undefined };

export const definitionPath = "app/testimonial-rollup.ts";

/**
 * The definitions of an app: the one that was proposed, and those of the files that `more` names.
 *
 * @throws Error where a file is not there, exports no definition, or a definition is wrong.
 */
export async function loadDefinitions(folder: string, more: string[] = []): Promise<AppDefinition[]> {
  const loaded: AppDefinition[] = [];
  for (const path of [definitionPath, ...more]) {
    const file = resolve(folder, path);
    if (!existsSync(file)) throw new Error(`There is no ${path}: run init without --migration first.`);
    const module = (await import(pathToFileURL(file).href)) as Partial<AppDefinition>;
    if (!module.definition) throw new Error(`${path} must export a const "definition", made by defineRollup.`);
    loaded.push({ definition: module.definition, appPart: module.appPart });
  }
  return loaded;
}

/**
 * The migrations that take the app's database to its definitions: of its shops where it has no table of them, and of the
 * rollups. None where the last ones have left that already.
 */
export function planMigrations(folder: string, migrations: string, name: string, loaded: AppDefinition[]): AppFile[] {
  const path = join(folder, migrations);
  const written = existsSync(path) ? readMigrations(path).map(({ text }) => text) : [];
  const tenants = loaded.flatMap(({ definition }) => {
    const text = toTenantsMigration(definition, written);
    if (text !== null) written.push(text);
    return text ?? [];
  });
  const rollups = loaded.flatMap(({ definition, appPart }) => {
    const before = findLastDefinition(written, definition.table);
    const others = loaded.map((one) => one.definition).filter((other) => other !== definition);
    return (before === null ? toInstallSql(definition, appPart) : toMigration(before, definition, others)) ?? [];
  });
  const parts = [
    { name: `${name}_shops`, text: tenants.join("\n") },
    { name, text: rollups.join("\n") },
  ].filter(({ text }) => text !== "");
  const stamps = toTimestamps(existsSync(path) ? readdirSync(path) : []);
  return parts.map((part, place) => ({
    path: join(migrations, `${stamps[place]}_${part.name}`, "migration.sql"),
    text: part.text,
  }));
}

/** Two names' beginnings, as Prisma has them, after those of all others. */
function toTimestamps(names: string[]): string[] {
  const toName = (time: number) => new Date(time).toISOString().replaceAll(/\D/g, "").slice(0, 14);
  const last =
    names
      .filter((name) => /^\d{14}_/.test(name))
      .sort()
      .at(-1) ?? "";
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)_/.exec(last) ?? [];
  const lastTime = Date.parse(`${parts.slice(0, 3).join("-")}T${parts.slice(3).join(":")}Z`) || 0;
  const first = Math.max(Date.now(), lastTime + 1_000);
  return [toName(first), toName(first + 1_000)];
}
