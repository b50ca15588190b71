import { z } from "zod";
import { type Day, type DayRange, listDays } from "../day";
import { listMetrics } from "../definition/rollup";
import { type Engine, perEngine } from "../engine.server";
import { toCleanReadStatement, toFilteredReadStatement, toReadStatement } from "./read-sql";
import { queryReplicaFirst, type ReplicaAnswer } from "./replica.server";

/** One number for each metric: of a day, or summed over a range. */
type CountsOf<MetricName extends string> = Record<MetricName, number>;

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

/** A day and its counts. */
type DayCounts<MetricName extends string> = CountsOf<MetricName> & { date: Day };

/** A range: what happened in it, and what has become so far of the rows that began in it. */
export type RangeCounts<MetricName extends string = string, CohortName extends string = string> = {
  totals: CountsOf<MetricName>;
  cohort: CountsOf<CohortName>;
  /** Every day, zeros filled in. */
  series: DayCounts<MetricName>[];
  /** The cohorts of the same days, in the same order. */
  cohortSeries: CountsOf<CohortName>[];
};

/** The sums of a range, without its days. */
export type RangeSums<MetricName extends string = string, CohortName extends string = string> = Pick<
  RangeCounts<MetricName, CohortName>,
  "totals" | "cohort"
> & { freshness: Freshness };

/** More to read with a range: a constant SQL expression of one JSON value, and the schema of that value. */
export type Extras<Value> = { sql: string; schema: z.ZodType<Value> };

/** What a read is narrowed to: a filter of the definition, and the value that is asked for. */
export type FilterChoice = { name: string; value: string };

/**
 * What is read with a range in the same instant: further ranges, by name, and more. `filter` narrows the counts, not the
 * extras, whose parameters `values` are.
 */
export type Beside<RangeName extends string, Value> = {
  ranges: Record<RangeName, DayRange>;
  extras: Extras<Value>;
  filter?: FilterChoice | null;
  values?: Record<string, string | null>;
};

const rowSchema = z.object({
  sums: z.array(z.number()),
  days: z.array(z.tuple([z.string()], z.number())),
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

/**
 * Totals, cohort, dense series of both, and freshness for one shop and at most 5 years: of one statement, so all of it is
 * of one instant. Stored rows serve the days that are clean; marked days are counted live, and all of them where the counts
 * are narrowed by a filter.
 *
 * @throws Error where the definition has no such filter.
 */
export async function readRange(
  engine: Engine,
  shopId: string,
  range: DayRange,
  filter: FilterChoice | null = null,
): Promise<RangeCounts & { freshness: Freshness }> {
  const { days, freshness } = await read(engine, shopId, range, { filter });
  return { ...toRangeCounts(engine, range, toActiveDays(days)), freshness };
}

/**
 * What `readRange` reads, further ranges and `extras`, all in one statement. The extras' SQL has the parameters :shopId,
 * :from, the first day of the range, and :until, the day after its last, as `:from::date`.
 */
export async function readRangeWith<RangeName extends string, Value>(
  engine: Engine,
  shopId: string,
  range: DayRange,
  { ranges, extras, filter, values }: Beside<RangeName, Value>,
): Promise<RangeCounts & { freshness: Freshness; beside: Record<RangeName, RangeCounts>; extras: Value }> {
  const further = Object.entries<DayRange>(ranges);
  const row = await read(engine, shopId, range, {
    further: further.map(([, one]) => one),
    extras: extras.sql,
    filter: filter ?? null,
    values: values ?? {},
  });
  const active = toActiveDays(row.days);
  const beside = further.map(([name, one]) => [name, toRangeCounts(engine, one, active)]);
  return {
    ...toRangeCounts(engine, range, active),
    freshness: row.freshness,
    beside: Object.fromEntries(beside) as Record<RangeName, RangeCounts>,
    extras: extras.schema.parse(row.extras),
  };
}

/** The sums of a range and their freshness: what a range sum needs. */
export async function readTotals(
  engine: Engine,
  shopId: string,
  range: DayRange,
  filter: FilterChoice | null = null,
): Promise<RangeSums> {
  const { sums, freshness } = await read(engine, shopId, range, { withSeries: false, filter });
  return { ...toGroups(engine, sums), freshness };
}

type Row = z.infer<typeof rowSchema>;

/** The counts of days, in the order of the metrics. */
type ActiveDays = Map<string, number[]>;

function toActiveDays(days: Row["days"]): ActiveDays {
  return new Map(days.map(([date, ...counts]) => [date, counts]));
}

function toRangeCounts(engine: Engine, range: DayRange, active: ActiveDays): RangeCounts {
  const none = listMetrics(engine.definition).map(() => 0);
  const days = listDays(range).map((date) => ({ date, counts: active.get(date) ?? none }));
  const sums = none.map((_, index) => days.reduce((sum, { counts }) => sum + (counts[index] ?? 0), 0));
  const groups = days.map(({ date, counts }) => ({ date, ...toGroups(engine, counts) }));
  return {
    ...toGroups(engine, sums),
    series: groups.map(({ date, totals }) => ({ ...totals, date })) as RangeCounts["series"],
    cohortSeries: groups.map(({ cohort }) => cohort),
  };
}

/** The names of the counts, in their order, each with its place among them: made once, as each day of a read needs them. */
const namedPlaces = perEngine(({ definition }) => {
  const places = listMetrics(definition).map(([name], index) => ({ name, index }));
  const totalled = Object.keys(definition.metrics).length;
  return { totals: places.slice(0, totalled), cohort: places.slice(totalled) };
});

/** Counts in the order of the metrics, by name. */
function toGroups(engine: Engine, counts: number[]): Pick<RangeCounts, "totals" | "cohort"> {
  const { totals, cohort } = namedPlaces(engine);
  const toNamed = (places: typeof totals): CountsOf<string> =>
    Object.fromEntries(places.map(({ name, index }) => [name, counts[index] ?? 0]));
  return { totals: toNamed(totals), cohort: toNamed(cohort) };
}

/** The statements of each `extras`, which are constants of the code, by what they read: they are made once. */
const readStatements = perEngine(() => new Map<string, Map<string, string>>());

/** Tries the first, which answers where no day is marked; the second always does. */
function listStatements(engine: Engine, extras: string, filter: FilterChoice | null): string[] {
  if (!filter) {
    return [
      keep(engine, extras, "clean", () => toCleanReadStatement(engine, extras)),
      keep(engine, extras, "live", () => toReadStatement(engine, extras)),
    ];
  }
  const columns = engine.definition.filters?.[filter.name];
  if (!columns) throw new Error(`The definition has no filter ${JSON.stringify(filter.name)}.`);
  return [keep(engine, extras, `filter ${filter.name}`, () => toFilteredReadStatement(engine, extras, columns))];
}

function keep(engine: Engine, extras: string, kind: string, make: () => string): string {
  const made = readStatements(engine).get(extras) ?? new Map<string, string>();
  const statement = made.get(kind) ?? make();
  readStatements(engine).set(extras, made.set(kind, statement));
  return statement;
}

type Scope = {
  further?: DayRange[];
  withSeries?: boolean;
  extras?: string;
  filter?: FilterChoice | null;
  values?: Record<string, string | null>;
};

async function read(
  engine: Engine,
  shopId: string,
  range: DayRange,
  { further = [], withSeries = true, extras = "null::json", filter = null, values: more = {} }: Scope,
): Promise<Row> {
  const days = toDaysToRead([range, ...further]);
  const values = { ...more, shopId, ...range, ...days, withSeries, filterValue: filter?.value ?? null };
  let answer: ReplicaAnswer = { row: undefined, asOf: null };
  for (const statement of listStatements(engine, extras, filter)) {
    if (answer.row === undefined) answer = await queryReplicaFirst(engine, statement, values);
  }
  const { freshness, ...rest } = rowSchema.parse(answer.row);
  return { ...rest, freshness: { ...freshness, asOf: answer.asOf ?? freshness.asOf } };
}

/** The days of several ranges as the statements want them: their bounds, and each range in PostgreSQL's own form. */
export function toDaysToRead(ranges: DayRange[]): { start: Day; end: Day; days: string } {
  const [start = "", end = ""] = [
    ranges.map(({ from }) => from).sort()[0],
    ranges
      .map(({ until }) => until)
      .sort()
      .at(-1),
  ];
  const days = `{${ranges.map(({ from, until }) => `[${from},${until})`).join(",")}}`;
  return { start: start as Day, end: end as Day, days };
}
