import { z } from "zod";
import { listDaysOfRows } from "../definition/marking-sql";
import { type Engine, perEngine, type Statements } from "../engine.server";
import { queryRow } from "../query.server";
import { toShopFilter } from "./count-sql";
import { takeListed } from "./on-shards.server";

/** A day, or a row, of a shop: its id, and the date or the row's key. */
export type Marked = [shopId: string, mark: string];

const markedSchema = z.array(z.tuple([z.string(), z.string()]));
const takenSchema = z.object({ days: markedSchema, rows: markedSchema, rowMarks: z.number() });

/**
 * Takes marks of locked shops, all those of up to `maxDays` days and up to as many that name rows. Answers with the days that they name or that
 * the rows contribute to, each once. The rows are resolved after they are taken, in a snapshot that sees what marked them.
 * `isComplete`: none is left of those that were there before.
 */
export async function takeMarks(
  engine: Engine,
  tx: Statements,
  shopIds: string[],
  maxDays: number,
): Promise<{ days: Marked[]; isComplete: boolean }> {
  const taken = await take(engine, tx, shopIds, maxDays);
  // Several marks may name one row: fewer rows than marks were taken says nothing of the marks that are left.
  const isComplete = taken.days.length < maxDays && taken.rowMarks < maxDays;
  if (taken.rows.length === 0) return { days: taken.days, isComplete };
  const ofRows = await queryRow(
    engine,
    takenSchema.pick({ days: true }),
    resolveRowsStatement(engine),
    { ...toColumns(taken.rows, "parentIds") },
    tx,
  );
  return { days: joinDays(taken.days, ofRows.days), isComplete };
}

type Taken = z.infer<typeof takenSchema>;

async function take(engine: Engine, tx: Statements, shopIds: string[], limit: number): Promise<Taken> {
  const [shopId] = shopIds;
  if (!engine.settings.isSharded || shopId === undefined) {
    return queryRow(engine, takenSchema, takeMarksStatement(engine), { shopIds, limit }, tx);
  }
  const { dates, parentIds } = await takeListed(engine, tx, shopId, limit);
  const ofShop = (marks: string[]) => marks.map((mark): Marked => [shopId, mark]);
  return { days: ofShop(dates), rows: ofShop(parentIds), rowMarks: parentIds.length };
}

/** Drops the marks of the days from :from up to :until of :shopIds, whose days the caller counts anyway. */
export const dropMarksOfRangeStatement = perEngine(
  (engine) => `
delete from ${engine.names.marks} m
where ${toShopFilter(engine)("m")}
  and m.date >= :from::date
  and m.date < :until::date`,
);

/** Takes the marks of the days from `from` up to `until` of locked shops. Answers with the days; marks of rows stay. */
export async function takeMarksOfRange(
  engine: Engine,
  tx: Statements,
  scope: { shopIds: string[]; from: string; until: string },
): Promise<Marked[]> {
  const { days } = await queryRow(engine, takenSchema.pick({ days: true }), takeRangeStatement(engine), scope, tx);
  return days;
}

/** The shops and the other part of each, side by side, as statements take them. */
export function toColumns<Name extends string>(
  marked: Marked[],
  name: Name,
): { shopIds: string[] } & Record<Name, string[]> {
  const columns = { shopIds: marked.map(([shopId]) => shopId), [name]: marked.map(([, mark]) => mark) };
  return columns as { shopIds: string[] } & Record<Name, string[]>;
}

/** Both lists, each day once. */
function joinDays(days: Marked[], more: Marked[]): Marked[] {
  return [...new Map([...days, ...more].map((day) => [JSON.stringify(day), day])).values()];
}

const toPairs = (relation: string, column: string) =>
  `coalesce((select json_agg(json_build_array(p.shop_id::text, p.${column})) from ${relation} p), '[]')`;

/** The marks of the first :limit days in order, all of each, and some of those that name rows. */
const takeMarksStatement = perEngine(
  ({ names }) => `
with days as materialized (
  select distinct m.shop_id, m.date
  from ${names.marks} m
  where m.shop_id = any(:shopIds)
    and m.date is not null
  order by m.shop_id, m.date
  limit :limit::int
),
taken_days as (
  delete from ${names.marks} m
  where m.shop_id = any(:shopIds)
    and m.date is not null
    and (m.shop_id, m.date) <= (
      select d.shop_id, d.date from days d order by d.shop_id desc, d.date desc limit 1
    )
),
taken_rows as (
  delete from ${names.marks} m
  where m.shop_id = any(:shopIds)
    and m.ctid = any(array(
      select w.ctid
      from ${names.marks} w
      where w.shop_id = any(:shopIds)
        and w.date is null
      limit :limit::int
    ))
  returning m.shop_id, m.parent_id
)
select
  ${toPairs("days", "date")} as days,
  ${toPairs("(select distinct * from taken_rows)", "parent_id")} as rows,
  (select count(*) from taken_rows)::int as "rowMarks"`,
);

const takeRangeStatement = perEngine(
  ({ names }) => `
with taken as (
  delete from ${names.marks} m
  where m.shop_id = any(:shopIds)
    and m.date >= :from::date
    and m.date < :until::date
  returning m.shop_id, m.date
)
select ${toPairs("(select distinct * from taken)", "date")} as days`,
);

/** The days that marked rows contribute to: :shopIds and :parentIds, side by side. */
const resolveRowsStatement = perEngine(({ definition }) => {
  const marks = "unnest(:shopIds, :parentIds::text[]) as m (shop_id, parent_id)";
  const days = listDaysOfRows(definition, marks, { within: (_instant, shop) => [`${shop} = any(:shopIds)`] });
  const found =
    days.length === 0 ? "select null as shop_id, null::date as date where false" : days.join("\n  union\n  ");
  return `select ${toPairs(`(\n  ${found}\n)`, "date")} as days`;
});
