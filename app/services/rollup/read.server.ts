import { z } from "zod";
import { type Day, type DayRange, listDays, previousRange } from "./day";
import { type Counts, type MetricName, metricNames, toCounts } from "./metrics";
import { toCleanReadStatement, toReadStatement } from "./read-sql.server";
import { queryReplicaFirst } from "./replica.server";

/** How fresh a read is. The numbers are exact as of `asOf`; `liveDays` of the range were counted on the spot. */
export type Freshness = {
  asOf: string;
  liveDays: number;
  /** When the oldest mark on a day of the range was made, or null. */
  oldestMark: string | null;
  /** When the last rollup run ended, or null before the first. */
  lastRunAt: string | null;
};

export type DayCounts = Counts & { date: Day };

export type RangeCounts = {
  totals: Counts;
  /** Totals of the range of the same length that ends where this one begins. */
  previous: Counts;
  /** One entry for each day, zeros filled in. */
  series: DayCounts[];
  freshness: Freshness;
};

const countsSchema = z.object(
  Object.fromEntries(metricNames.map((name) => [name, z.number()])) as Record<MetricName, z.ZodNumber>,
);

const rowSchema = z.object({
  totals: countsSchema,
  previous: countsSchema,
  series: z.array(countsSchema.extend({ date: z.string() })),
  freshness: z.object({
    asOf: z.string(),
    liveDays: z.number(),
    oldestMark: z.string().nullable(),
    lastRunAt: z.string().nullable(),
  }),
  extras: z.unknown(),
});

/**
 * Totals, dense series, totals of the period before, and freshness for one shop and at most 5 years: of one statement,
 * so all of it is of one instant. Stored rows serve the days that are clean; marked days are counted live.
 */
export async function readRange(shopId: string, range: DayRange): Promise<RangeCounts> {
  return toRangeCounts(range, await read(shopId, range, { start: previousRange(range).from }));
}

/** More to read with a range: a constant SQL expression of one JSON value, and the schema of that value. */
export type Extras<Value> = { sql: string; schema: z.ZodType<Value> };

/**
 * What `readRange` reads, and `extras` of the same instant, in one statement. The extras' SQL has $1, the shop (an array
 * of one), $3, the first day of the range, and $4, the day after its last.
 */
export async function readRangeWith<Value>(
  shopId: string,
  range: DayRange,
  { sql, schema }: Extras<Value>,
): Promise<RangeCounts & { extras: Value }> {
  const row = await read(shopId, range, { start: previousRange(range).from, extras: sql });
  return { ...toRangeCounts(range, row), extras: schema.parse(row.extras) };
}

/** Totals and freshness alone: what a range sum needs. */
export async function readTotals(shopId: string, range: DayRange): Promise<Pick<RangeCounts, "totals" | "freshness">> {
  const { totals, freshness } = await read(shopId, range, { start: range.from, withSeries: false });
  return { totals, freshness };
}

const zeroCounts = toCounts(() => 0);

type Row = z.infer<typeof rowSchema>;

function toRangeCounts(range: DayRange, { totals, previous, series, freshness }: Row): RangeCounts {
  const active = new Map(series.map((day) => [day.date, day]));
  return {
    totals,
    previous,
    freshness,
    series: listDays(range).map((date) => ({ ...(active.get(date) ?? zeroCounts), date })),
  };
}

type Scope = { start: Day; withSeries?: boolean; extras?: string };

async function read(
  shopId: string,
  range: DayRange,
  { start, withSeries = true, extras = "null::json" }: Scope,
): Promise<Row> {
  const values = [[shopId], start, range.from, range.until, withSeries];
  let { row, asOf } = await queryReplicaFirst(toCleanReadStatement(extras), values);
  if (row === undefined) ({ row, asOf } = await queryReplicaFirst(toReadStatement(extras), values));
  const { freshness, ...rest } = rowSchema.parse(row);
  return { ...rest, freshness: { ...freshness, asOf: asOf ?? freshness.asOf } };
}
