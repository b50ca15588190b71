import type { Definition, KeyType } from "./rollup";

/** What a rollup's own tables and functions are called, and what type its shops' ids have. */
export type Names = {
  daily: string;
  exactView: string;
  marks: string;
  shops: string;
  runs: string;
  troubles: string;
  definitions: string;
  /** Makes ordered ids for daily rows. */
  uuid: string;
  /** Removes what is kept of a shop when its row in the host's table goes. */
  followShops: string;
  shopType: KeyType;
};

/** Names begin with the definition's prefix, so that several rollups can live in one database. */
export function toNames({ table, prefix = "rollup", shops }: Definition): Names {
  return {
    daily: table,
    exactView: `${table}_exact`,
    marks: `${prefix}_marks`,
    shops: `${prefix}_shops`,
    runs: `${prefix}_runs`,
    troubles: `${prefix}_troubles`,
    definitions: `${prefix}_definitions`,
    uuid: `${prefix}_uuid`,
    followShops: `${prefix}_follow_shops`,
    shopType: shops.keyType ?? "text",
  };
}

/** The name of the function that marks what a write to the source changes. */
export function toMarkFunctionName({ prefix = "rollup" }: Pick<Definition, "prefix">, sourceName: string): string {
  return `${prefix}_mark_${sourceName}`;
}

/** The functions that write the change log, and the one that follows the shops. */
export function listFunctionNames(definition: Definition): string[] {
  return [...listMarkFunctionNames(definition), toNames(definition).followShops];
}

/** Every name that a rollup's tables, view and functions have. */
export function listOwnNames(definition: Definition): string[] {
  const { shopType, ...names } = toNames(definition);
  return [...Object.values(names), ...listMarkFunctionNames(definition)];
}

function listMarkFunctionNames(definition: Definition): string[] {
  return Object.keys(definition.sources).map((name) => toMarkFunctionName(definition, name));
}
