import { z } from "zod";
import { trendCounts } from "~/report/figures";
import { lostRequestsSchema, lostRequestsSql } from "~/services/lost-requests-sql.server";
import { type ReportQuery, readReport, toReportExtras } from "~/services/report.server";
import { hasDataSql } from "~/services/source-sql.server";
import { timesSchema, timesSql } from "~/services/times-sql.server";

const extrasSchema = z.object({
  /** False until the shop's first request or testimonial. */
  hasData: z.boolean(),
  times: timesSchema,
  lostRequests: lostRequestsSchema,
});

const extras = toReportExtras({
  schema: extrasSchema,
  sql: `json_build_object(
    'hasData', ${hasDataSql},
    'times', (${timesSql}),
    'lostRequests', (${lostRequestsSql})
  )`,
});

/** More of them are drawn as weeks. */
const mostDailySteps = 186;

export type AnalyticsNumbers = Awaited<ReturnType<typeof readAnalytics>>;

/** All that the analytics page shows of a shop. */
export async function readAnalytics(shopId: string, query: ReportQuery) {
  const { beside, ...numbers } = await readReport(shopId, query, { figures: trendCounts, mostDailySteps, extras });
  return numbers;
}
