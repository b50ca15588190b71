import { type Condition, listChildTests, listConditionColumns, listConditionTexts } from "./condition";
import type { Definition, KeyType } from "./rollup";
import { listScans } from "./scan";

/**
 * A column that must be there. `use`: what for. `want`: the key type that the definition states, `of` which part; the
 * type of its instants. `mayMiss`: the migration adds it.
 */
export type ColumnNeed = {
  table: string;
  column: string;
  use: "key" | "keyOf" | "instant" | "number" | "any";
  want?: string;
  of?: string;
  mayMiss?: boolean;
};

/** A text that a column is compared with. */
export type ValueNeed = { table: string; column: string; value: string };

/** What a migration needs of the host's schema. `adds`: columns, as "table.column", that it adds where they are missing. */
export type HostNeeds = { columns?: ColumnNeed[]; values?: ValueNeed[]; adds?: string[] };

const instantTypes = { timestamp: "timestamp without time zone", timestamptz: "timestamp with time zone" };

/** All columns that a definition reads, each once with the most that is asked of it. */
export function listColumnNeeds(definition: Definition, { columns = [], adds = [] }: HostNeeds): ColumnNeed[] {
  const needs = [
    ...listKeyNeeds(definition),
    ...listScans(definition).flatMap(({ scan, source, shares }): ColumnNeed[] => [
      { table: source.table, column: scan.at, use: "instant", want: instantTypes[definition.instants] },
      ...shares.flatMap(({ aggregate }): ColumnNeed[] =>
        aggregate.kind === "count"
          ? []
          : [{ table: source.table, column: aggregate.column, use: aggregate.kind === "sum" ? "number" : "any" }],
      ),
    ]),
    ...listConditions(definition).flatMap(([table, condition]) =>
      listConditionColumns(condition).map((column): ColumnNeed => ({ table, column, use: "any" })),
    ),
    ...columns,
  ];
  const strict = new Set(needs.filter(({ use }) => use !== "any").map(({ table, column }) => `${table}.${column}`));
  return listOnce(needs.filter(({ table, column, use }) => use !== "any" || !strict.has(`${table}.${column}`))).map(
    (need) => ({ ...need, mayMiss: adds.includes(`${need.table}.${need.column}`) }),
  );
}

/** All texts that a definition compares columns with. */
export function listValueNeeds(definition: Definition, { values = [] }: HostNeeds): ValueNeed[] {
  const own = listConditions(definition).flatMap(([table, condition]) =>
    listConditionTexts(condition).map(([column, value]) => ({ table, column, value })),
  );
  return listOnce([...own, ...values]);
}

/** Keys of shops and sources, and the columns that hold them elsewhere. */
function listKeyNeeds({ shops, sources }: Definition): ColumnNeed[] {
  const type = (keyType: KeyType = "text") => keyType;
  return [
    { table: shops.table, column: shops.key, use: "key", want: type(shops.keyType), of: "shops" },
    ...Object.entries(sources).flatMap(([name, source]): ColumnNeed[] => {
      const { table, key, keyType, shop, parent } = source;
      const ofParent = parent && sources[parent.source];
      return [
        { table, column: key, use: "key", want: type(keyType), of: `sources.${name}` },
        { table, column: shop, use: "keyOf", want: type(shops.keyType), of: "shops" },
        ...(ofParent
          ? [
              {
                table,
                column: parent.column,
                use: "keyOf" as const,
                want: type(ofParent.keyType),
                of: `sources.${parent.source}`,
              },
            ]
          : []),
      ];
    }),
  ];
}

/** All conditions, each with the table whose rows it is asked of. */
function listConditions(definition: Definition): [table: string, condition: Condition][] {
  const { shops, sources } = definition;
  const ofScans = listScans(definition).flatMap(
    ({ scan, source, parent, shares }): [string, Condition | undefined][] => [
      [source.table, scan.where],
      ...(parent ? [[parent.source.table, scan.parent] as [string, Condition | undefined]] : []),
      ...shares.flatMap(({ aggregate }): [string, Condition][] => [
        [source.table, aggregate.where],
        ...listChildTests(aggregate.where).map((child): [string, Condition] => [
          sources[child.source]?.table ?? child.source,
          child.condition,
        ]),
      ]),
    ],
  );
  const all: [string, Condition | undefined][] = [[shops.table, shops.installed], ...ofScans];
  return all.flatMap(([table, condition]): [string, Condition][] => (condition ? [[table, condition]] : []));
}

function listOnce<Need extends object>(needs: Need[]): Need[] {
  return [...new Map(needs.map((need) => [JSON.stringify(need), need])).values()];
}
