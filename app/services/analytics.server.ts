import { z } from "zod";
import { trendCounts } from "~/report/figures";
import { type ReportQuery, readReport } from "~/services/report.server";
import type { Extras } from "~/services/rollup/read/read.server";
import { hasDataSql } from "~/services/source-sql.server";

const extrasSchema = z.object({
  /** False until the shop's first request or testimonial. */
  hasData: z.boolean(),
});

const extras: Extras<z.infer<typeof extrasSchema>> = {
  schema: extrasSchema,
  sql: `json_build_object('hasData', ${hasDataSql})`,
};

/** More of them are drawn as weeks. */
const mostDailySteps = 186;

export type AnalyticsNumbers = Awaited<ReturnType<typeof readAnalytics>>;

/** All that the analytics page shows of a shop. */
export async function readAnalytics(shopId: string, query: ReportQuery) {
  const { beside, ...numbers } = await readReport(shopId, query, { figures: trendCounts, mostDailySteps, extras });
  return numbers;
}
