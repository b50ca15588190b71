import { z } from "zod";
import type { FilterChoice, RangeCounts, RangeSums } from "../read/read.server";
import { waitAtMost } from "../time-limit.server";
import { answer, requireMethod } from "./answer.server";
import { hasBearer } from "./bearer.server";
import type { HandlerContext } from "./handlers.server";
import { parseQuery, refuseInput } from "./input.server";
import { type RangeAnswer, toRangeAnswer } from "./run-answer.server";
import { daySchema, idSchema, withRange } from "./schemas.server";

/** The fields of a range sum. Each filter of the definition is one, by its name. */
function makeQuerySchema(filterNames: string[]) {
  return withRange(
    z.strictObject({
      from: daySchema,
      to: daySchema,
      series: z.literal("1", { error: 'must be "1" or left out' }).optional(),
      ...Object.fromEntries(filterNames.map((name) => [name, idSchema.optional()])),
    }),
    "from",
    "to",
  );
}

type Sums<MetricName extends string, CohortName extends string> = RangeSums<MetricName, CohortName> &
  Partial<Pick<RangeCounts<MetricName, CohortName>, "series" | "cohortSeries">>;

/** A range sum as it is answered. The series are there where they were asked for, the cohort where the definition has one. */
export type RangeSumAnswer<MetricName extends string = string, CohortName extends string = string> = {
  shopId: string;
} & RangeAnswer &
  Omit<Sums<MetricName, CohortName>, "cohort"> &
  Partial<Pick<Sums<MetricName, CohortName>, "cohort">>;

/**
 * Finds out whose numbers a request may see, or throws the Response that refuses it. Where finding the shop's id costs or
 * writes something, it gives a function, which is called when the rest of the request is known to be right.
 */
export type Authenticate = () => Promise<string | (() => Promise<string>)>;

export function makeReadHandlers<MetricName extends string, CohortName extends string>({
  rollup,
  cronSecret,
  readLimitMs,
  ignoredFields,
  answerSafely,
}: HandlerContext<MetricName, CohortName>) {
  const filterNames = Object.keys(rollup.definition.filters ?? {});
  const querySchema = makeQuerySchema(filterNames);
  const hasCohort = Object.keys(rollup.definition.cohortMetrics ?? {}).length > 0;

  async function sumRange(
    request: Request,
    authenticate: Authenticate,
  ): Promise<RangeSumAnswer<MetricName, CohortName>> {
    const shop = await authenticate();
    const { range, series, ...asked } = parseQuery(dropFields(request, ignoredFields), querySchema);
    const filter = toFilter(filterNames, asked);
    const shopId = typeof shop === "string" ? shop : await shop();
    const read: Sums<MetricName, CohortName> = series
      ? await rollup.readRange(shopId, range, filter)
      : await rollup.readTotals(shopId, range, filter);
    return {
      shopId,
      ...toRangeAnswer(range),
      totals: read.totals,
      ...(hasCohort && { cohort: read.cohort }),
      ...(read.series && { series: read.series, ...(hasCohort && { cohortSeries: read.cohortSeries }) }),
      freshness: read.freshness,
    };
  }

  return {
    /**
     * GET: 200 when the rollup does its work, else 503. The body says what is wrong and since when; to a caller with the
     * cron secret also why, and of which shops.
     */
    health(request: Request): Promise<Response> {
      return answerSafely(async () => {
        requireMethod(request, "GET", "HEAD");
        const isOperator = hasBearer(request, cronSecret);
        const health = await (isOperator ? rollup.checkHealthInDetail() : rollup.checkHealth());
        return answer(health, health.ok ? 200 : 503);
      });
    },

    /** GET: a shop's totals over a range. Whose they are comes from `authenticate` and from nowhere else. */
    rangeSum(request: Request, authenticate: Authenticate): Promise<Response> {
      return answerSafely(async () => {
        requireMethod(request, "GET", "HEAD");
        return answer(await waitAtMost(readLimitMs, sumRange(request, authenticate)));
      });
    },
  };
}

/** @throws Response 400 where more than one is asked for: a read is narrowed by one. */
function toFilter(names: string[], asked: Record<string, unknown>): FilterChoice | null {
  const [first, second] = names.filter((name) => asked[name] !== undefined);
  if (first !== undefined && second !== undefined) {
    throw refuseInput([{ field: second, value: String(asked[second]), message: `must be left out beside ${first}` }]);
  }
  return first === undefined ? null : { name: first, value: String(asked[first]) };
}

function dropFields(request: Request, fields: readonly string[]): Request {
  const url = new URL(request.url);
  for (const field of fields) url.searchParams.delete(field);
  return new Request(url, { headers: request.headers });
}
