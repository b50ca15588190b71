import { z } from "zod";
import type { FigureKind } from "~/report/figures";
import { type Days, type StepColumns, toStepColumns, toStepColumnsLike } from "~/report/steps";
import { rollup } from "~/rollup.server";
import { toShopifyIdSql } from "~/services/product.server";
import { addDays, type Day, type DayRange, toRange } from "~/services/rollup/day";
import type { Extras, Freshness } from "~/services/rollup/read/read.server";
import { type CountName, countNames, type RangeNumbers } from "~/testimonial-rollup";

/** The sums of some days. */
export type Sums = Pick<RangeNumbers, "totals" | "cohort">;

/** As many days beside each other as are over: those shown, or the first of them, and those that they are compared with. */
export type Comparison = { days: number; now: Sums; before: Sums };

/** The numbers of the days shown, as both pages have them. */
export type ReportNumbers = {
  sums: Sums;
  /** Of today, which is not over. */
  today: Sums;
  /** Null where no day can be compared yet, or there is nothing to compare with. */
  compared: Record<FigureKind, Comparison | null>;
  /** The first day that can still change by itself: today or, where answers are awaited, an earlier one. */
  openFrom: Record<FigureKind, Day>;
  /** Within how many days most answers and decisions come, by the shop's own data. */
  ripening: Ripening;
  steps: StepColumns | null;
  stepsBefore: StepColumns | null;
  /** The latest of the days shown, each with all counts. */
  latestDays: StepColumns | null;
  freshness: Freshness;
};

type Ripening = { sent: number; submitted: number };

/** What the numbers of a page are asked for. */
export type ReportQuery = { shown: Days; before: Days | null; today: Day; product: string | null };

/** What a page needs of each step, and how many of these can be days. `ranges`: further ones that it reads. */
type ReportNeeds<RangeName extends string, Value> = {
  figures: CountName[];
  mostDailySteps: number;
  ranges?: Record<RangeName, DayRange>;
  extras: Extras<ReportExtras<Value>>;
};

/** What a page reads of its own, beside what every page reads. */
type ReportExtras<Value> = { own: Value; ripening: Ripening; productTitle: string | null };

/** As many days are kept ready for a table. */
const mostLatestDays = 92;

/** Where a shop has too few answers to tell how long they take. */
const usualRipening = 7;
const fewestAnswers = 20;

/**
 * All that a page shows of a shop: one statement, so all of it is of one instant. `ripening` is read with it.
 *
 * @throws what the database throws.
 */
export async function readReport<RangeName extends string, Value>(
  shopId: string,
  { shown, before, today, product }: ReportQuery,
  { figures, mostDailySteps, ranges, extras }: ReportNeeds<RangeName, Value>,
) {
  const range = toRange(shown.from, shown.to);
  const none = { from: range.from, until: range.from };
  const further = {
    ...(ranges ?? ({} as Record<RangeName, DayRange>)),
    before: before ? toRange(before.from, before.to) : none,
    today: toRange(today, today),
  };
  const read = await rollup.readRangeWith(shopId, range, {
    ranges: further,
    extras,
    filter: product === null ? null : { name: "product", value: product },
    values: { product },
  });
  const { beside, freshness } = read;
  const { own, ripening, productTitle } = read.extras;
  const openFrom = {
    events: today,
    sent: addDays(today, -ripening.sent),
    submitted: addDays(today, -ripening.submitted),
  };
  const steps = toStepColumns(read, figures, mostDailySteps);
  const compare = (until: Day) => (before ? toComparison(read, beside.before, until) : null);
  const numbers: ReportNumbers = {
    sums: toSums(read),
    today: toSums(beside.today),
    compared: {
      events: compare(openFrom.events),
      sent: compare(openFrom.sent),
      submitted: compare(openFrom.submitted),
    },
    openFrom,
    ripening,
    steps,
    stepsBefore: before && toStepColumnsLike(beside.before, figures, steps),
    latestDays: toStepColumns(toLatest(read), countNames, mostLatestDays),
    freshness,
  };
  return { ...numbers, beside, product: product === null ? null : { id: product, title: productTitle }, extras: own };
}

/** A page's own extras with those of every page. They are constants of the code: each page makes them once. */
export function toReportExtras<Value>({ sql, schema }: Extras<Value>): Extras<ReportExtras<Value>> {
  return {
    sql: `json_build_object('own', (${sql}), 'ripening', ${ripeningSql}, 'productTitle', ${productTitleSql})`,
    schema: z.object({ own: schema, ripening: ripeningSchema, productTitle: z.string().nullable() }),
  };
}

/** Of the product whose numbers alone are shown. */
const productTitleSql = `(
      select left(p.title, 200)
      from shop_products p
      where p.shop_id = :shopId
        and p.product_id = ${toShopifyIdSql(":product")}
    )`;

function toSums({ totals, cohort }: Sums): Sums {
  return { totals, cohort };
}

/** The days before `until`, and as many of the days that they are compared with. */
function toComparison(shown: RangeNumbers, before: RangeNumbers, until: Day): Comparison | null {
  const days = shown.series.filter(({ date }) => date < until).length;
  return days === 0 ? null : { days, now: sumFirst(shown, days), before: sumFirst(before, days) };
}

function sumFirst({ series, cohortSeries }: RangeNumbers, days: number): Sums {
  return { totals: sumAll(series.slice(0, days)), cohort: sumAll(cohortSeries.slice(0, days)) } as Sums;
}

function sumAll(days: Record<string, unknown>[]): Record<string, number> {
  const names = Object.keys(days[0] ?? {}).filter((name) => name !== "date");
  return Object.fromEntries(names.map((name) => [name, days.reduce((sum, day) => sum + Number(day[name]), 0)]));
}

function toLatest({ series, cohortSeries }: RangeNumbers) {
  return { series: series.slice(-mostLatestDays), cohortSeries: cohortSeries.slice(-mostLatestDays) };
}

const ripeningSchema = z.object({
  sent: z.number().transform(toRipening),
  submitted: z.number().transform(toRipening),
});

/** Days, at least the one that is not over. */
function toRipening(days: number): number {
  return Math.max(0, Math.min(days, 60));
}

/**
 * So many rows are looked at, answered or not, so that a page costs the same however many there are. None is from later than
 * that: of those the quick answers alone are known.
 */
const mostRows = 2_000;
const answersUntil = "date_trunc('day', timezone('utc', statement_timestamp())) - interval '60 days'";

/** Within how many whole days nine of ten answers to requests came, and decisions on testimonials. */
const ripeningSql = `json_build_object(
    'sent', ${withinDays("testimonial_requests", "sent_at", "x.submitted_at")},
    'submitted', ${withinDays("testimonial_submissions", "submitted_at", "coalesce(x.approved_at, x.published_at)")}
  )`;

function withinDays(table: string, began: string, answered: string): string {
  return `(
      select case
        when count(*) >= ${fewestAnswers}
          then ceil(percentile_disc(0.9) within group (order by extract(epoch from a.answered - a.began)) / 86400)::int
        else ${usualRipening}
      end
      from (
        select x.${began} as began, ${answered} as answered
        from ${table} x
        where x.shop_id = :shopId
          and x.${began} < ${answersUntil}
          and x.${began} > '-infinity'
        order by x.${began} desc
        limit ${mostRows}
      ) a
      where a.answered >= a.began
        and a.answered < 'infinity'
    )`;
}
