import { z } from "zod";
import { rollup } from "~/rollup.server";
import { lostRequestsSchema, lostRequestsSql } from "~/services/lost-requests-sql.server";
import { type DayRange, previousRange } from "~/services/rollup/day";
import type { Extras } from "~/services/rollup/read/read.server";
import { hasDataSql } from "~/services/source-sql.server";
import { timesSchema, timesSql } from "~/services/times-sql.server";

const extrasSchema = z.object({
  /** False until the shop's first request or testimonial. */
  hasData: z.boolean(),
  /** Requests with an `opened` event in the range, each once. */
  opened: z.number(),
  times: timesSchema,
  lostRequests: lostRequestsSchema,
});

const extras: Extras<z.infer<typeof extrasSchema>> = {
  schema: extrasSchema,
  sql: `json_build_object(
    'hasData', ${hasDataSql},
    'opened', (
      select count(distinct e.request_id)
      from testimonial_request_events e
      where e.shop_id = :shopId
        and e.event_type = 'opened'
        and e.event_at >= :from::date
        and e.event_at < :until::date
    ),
    'times', (${timesSql}),
    'lostRequests', (${lostRequestsSql})
  )`,
};

export type AnalyticsNumbers = Awaited<ReturnType<typeof readAnalytics>>;

/** All that the analytics page shows of a shop: one statement, so all of it is of one instant. */
export function readAnalytics(shopId: string, range: DayRange) {
  return rollup.readRangeWith(shopId, range, { ranges: { previous: previousRange(range) }, extras });
}
