import { z } from "zod";
import { type Day, type DayRange, listDays, previousRange } from "../day";
import { type Engine, perEngine } from "../engine.server";
import { toCleanReadStatement, toReadStatement } from "./read-sql";
import { queryReplicaFirst } from "./replica.server";

/** One number for each metric: of a day, or summed over a range. */
export type CountsOf<MetricName extends string> = Record<MetricName, number>;

/** How fresh a read is. The numbers are exact as of `asOf`; `liveDays` of the range were counted on the spot. */
export type Freshness = {
  asOf: string;
  liveDays: number;
  /** When the oldest mark on a day of the range was made, or null. */
  oldestMark: string | null;
  /** When the last rollup run ended, or null before the first. */
  lastRunAt: string | null;
  /** The day up to which days are sealed: those before it stay as they are, whatever becomes of their source rows. Or null. */
  sealedUntil: Day | null;
};

export type DayCounts<MetricName extends string> = CountsOf<MetricName> & { date: Day };

export type RangeCounts<MetricName extends string = string> = {
  totals: CountsOf<MetricName>;
  /** Totals of the range of the same length that ends where this one begins. */
  previous: CountsOf<MetricName>;
  /** One entry for each day, zeros filled in. */
  series: DayCounts<MetricName>[];
  freshness: Freshness;
};

/** More to read with a range: a constant SQL expression of one JSON value, and the schema of that value. */
export type Extras<Value> = { sql: string; schema: z.ZodType<Value> };

const rowSchema = perEngine(({ definition }) => {
  const names = Object.keys(definition.metrics);
  const counts = z.object(Object.fromEntries(names.map((name) => [name, z.number()])));
  return z.object({
    totals: counts,
    previous: counts,
    series: z.array(counts.extend({ date: z.string() })),
    freshness: z.object({
      asOf: z.string(),
      liveDays: z.number(),
      oldestMark: z.string().nullable(),
      lastRunAt: z.string().nullable(),
      sealedUntil: z
        .string()
        .nullable()
        .transform((day) => day as Day | null),
    }),
    extras: z.unknown(),
  });
});

/**
 * Totals, dense series, totals of the period before, and freshness for one shop and at most 5 years: of one statement,
 * so all of it is of one instant. Stored rows serve the days that are clean; marked days are counted live.
 */
export async function readRange(engine: Engine, shopId: string, range: DayRange): Promise<RangeCounts> {
  return toRangeCounts(engine, range, await read(engine, shopId, range, { start: previousRange(range).from }));
}

/**
 * What `readRange` reads, and `extras` of the same instant, in one statement. The extras' SQL has the parameters :shopId,
 * :from, the first day of the range, and :until, the day after its last, as `:from::date`.
 */
export async function readRangeWith<Value>(
  engine: Engine,
  shopId: string,
  range: DayRange,
  { sql, schema }: Extras<Value>,
): Promise<RangeCounts & { extras: Value }> {
  const row = await read(engine, shopId, range, { start: previousRange(range).from, extras: sql });
  return { ...toRangeCounts(engine, range, row), extras: schema.parse(row.extras) };
}

/** Totals and freshness alone: what a range sum needs. */
export async function readTotals(
  engine: Engine,
  shopId: string,
  range: DayRange,
): Promise<Pick<RangeCounts, "totals" | "freshness">> {
  const { totals, freshness } = await read(engine, shopId, range, { start: range.from, withSeries: false });
  return { totals, freshness };
}

const zeroCounts = perEngine(({ definition }) =>
  Object.fromEntries(Object.keys(definition.metrics).map((name) => [name, 0])),
);

type Row = z.infer<ReturnType<typeof rowSchema>>;

function toRangeCounts(engine: Engine, range: DayRange, { totals, previous, series, freshness }: Row): RangeCounts {
  const active = new Map<string, object>(series.map((day) => [String(day.date), day]));
  const dense = listDays(range).map((date) => ({ ...(active.get(date) ?? zeroCounts(engine)), date }));
  return { totals, previous, freshness, series: dense as RangeCounts["series"] };
}

/** The statements of each `extras`, which are constants of the code: they are made once. */
const readStatements = perEngine(() => new Map<string, { clean: string; live: string }>());

function toStatements(engine: Engine, extras: string): { clean: string; live: string } {
  const made = readStatements(engine);
  const known = made.get(extras) ?? {
    clean: toCleanReadStatement(engine, extras),
    live: toReadStatement(engine, extras),
  };
  made.set(extras, known);
  return known;
}

type Scope = { start: Day; withSeries?: boolean; extras?: string };

async function read(
  engine: Engine,
  shopId: string,
  { from, until }: DayRange,
  { start, withSeries = true, extras = "null::json" }: Scope,
): Promise<Row> {
  const values = { shopId, start, from, until, withSeries };
  const { clean, live } = toStatements(engine, extras);
  let { row, asOf } = await queryReplicaFirst(engine, clean, values);
  if (row === undefined) ({ row, asOf } = await queryReplicaFirst(engine, live, values));
  const { freshness, ...rest } = rowSchema(engine).parse(row);
  return { ...rest, freshness: { ...freshness, asOf: asOf ?? freshness.asOf } };
}
