import { z } from "zod";
import { listMetricColumns } from "../definition/count-sql";
import { type Engine, perEngine, type Statements } from "../engine.server";
import { execute, queryRow } from "../query.server";
import { toUpsert } from "./recount-sql";

// What one server does in one statement, for one shop on its shard: there a statement that takes or writes in a part of
// itself, or writes what it selects, is cut into pieces with a snapshot each, and planned many times over. These are
// plain statements about one shop, which the coordinator passes on whole, with what the last one answered as constants.

/** A day that is to be replaced: its date, whether it has data, and its counts in the order of the definition. */
export const differingSchema = z.tuple([z.string(), z.boolean()]).rest(z.number());
export type DifferingDay = z.infer<typeof differingSchema>;

/** Writes the rows of days that have data and deletes those of days that have none. */
export async function replaceDays(
  engine: Engine,
  tx: Statements,
  shopId: string,
  differing: DifferingDay[],
): Promise<{ rowsWritten: number; rowsDeleted: number }> {
  const { daily } = engine.names;
  const active = differing.filter(([, isActive]) => isActive);
  const empty = differing.filter(([, isActive]) => !isActive).map(([date]) => date);
  const types = ["date", ...listMetricColumns(engine.definition).map(() => "int")];
  const rows = active.map(([date, , ...counts]) => [date, ...counts]);
  await insertOfShop(engine, tx, shopId, { types, rows, toInsert: (values) => toUpsert(engine, values) });
  if (empty.length > 0) {
    const statement = `delete from ${daily} a where a.shop_id = :shopId and a.date = any(:dates::date[])`;
    await execute(engine, statement, { shopId, dates: empty }, tx);
  }
  return { rowsWritten: active.length, rowsDeleted: empty.length };
}

/** Marks days of a shop. */
export async function markDays(engine: Engine, tx: Statements, shopId: string, dates: string[]): Promise<void> {
  const toInsert = (values: string) => `insert into ${engine.names.marks} (shop_id, date) ${values}`;
  await insertOfShop(engine, tx, shopId, { types: ["date"], rows: dates.map((date) => [date]), toInsert });
}

const markedSchema = z.object({ dates: z.array(z.string()), parentIds: z.array(z.string()) });

/**
 * Takes the marks of up to `limit` days and of up to as many marked rows of a locked shop. What is listed first is then
 * deleted by its name, with the marks of it that came in between: no mark goes whose day or row is not in the answer.
 */
export async function takeListed(
  engine: Engine,
  tx: Statements,
  shopId: string,
  limit: number,
): Promise<z.infer<typeof markedSchema>> {
  const listed = await queryRow(engine, markedSchema, listMarkedStatement(engine), { shopId, limit }, tx);
  const { dates, parentIds } = listed;
  if (dates.length > 0) await execute(engine, deleteOfDaysStatement(engine), { shopId, dates }, tx);
  if (parentIds.length > 0) await execute(engine, deleteOfRowsStatement(engine), { shopId, parentIds }, tx);
  return listed;
}

const listMarkedStatement = perEngine(({ names: { marks } }) => {
  const list = (column: string, condition: string) => `coalesce(
    (
      select json_agg(d.${column})
      from (
        select distinct m.${column}
        from ${marks} m
        where m.shop_id = :shopId
          and ${condition}
        order by m.${column}
        limit :limit::int
      ) d
    ),
    '[]'
  )`;
  return `
select
  ${list("date", "m.date is not null")} as dates,
  ${list("parent_id", "m.date is null")} as "parentIds"`;
});

const deleteOfDaysStatement = perEngine(
  ({ names: { marks } }) => `delete from ${marks} m where m.shop_id = :shopId and m.date = any(:dates::date[])`,
);

const deleteOfRowsStatement = perEngine(
  ({ names: { marks } }) => `
delete from ${marks} m
where m.shop_id = :shopId
  and m.date is null
  and m.parent_id = any(:parentIds::text[])`,
);

/** How many rows one statement inserts: three texts serve for any number. */
const rowsAtOnce = [100, 10, 1];

type Insert = { types: string[]; rows: unknown[][]; toInsert: (values: string) => string };

/** Inserts rows of a shop as constants. `types` are those of the columns after the shop's. */
async function insertOfShop(
  engine: Engine,
  tx: Statements,
  shopId: string,
  { types, rows, toInsert }: Insert,
): Promise<void> {
  for (let start = 0; start < rows.length; ) {
    const size = rowsAtOnce.find((count) => start + count <= rows.length) ?? 1;
    const values = rows.slice(start, start + size).flat();
    const toTuple = (_: unknown, row: number) =>
      `(:shopId, ${types.map((type, column) => `:v${row * types.length + column}::${type}`).join(", ")})`;
    const statement = toInsert(`values ${Array.from({ length: size }, toTuple).join(", ")}`);
    const named = Object.fromEntries(values.map((value, index) => [`v${index}`, value]));
    await execute(engine, statement, { shopId, ...named }, tx);
    start += size;
  }
}
