import { toConditionSql } from "./definition/condition";
import type { Engine } from "./engine.server";

// The host's table of shops in the engine's statements.

/** The table under the alias `s`, as `from` and `join` name it. */
export function shopTable({ definition }: Engine): string {
  return `${definition.shops.table} s`;
}

/** The id of the shop `s`. */
export function shopKey({ definition }: Engine): string {
  return `s.${definition.shops.key}`;
}

/** True in SQL of a shop `s` whose days are recounted. */
export function isInstalledShop({ definition }: Engine): string {
  return toConditionSql("s", definition.shops.installed);
}

/** The same of the shop with the id `column`. Looked up one by one: joined, all shops might be read for a few. */
export function isInstalled(engine: Engine, column: string): string {
  return `exists (
      select from ${shopTable(engine)} where ${shopKey(engine)} = ${column} and ${isInstalledShop(engine)} offset 0
    )`;
}
