import { z } from "zod";

/** Of a range with more testimonials than these, the latest are looked at. */
const mostTimed = 2_000;

/** How many testimonials a time is known of, and the median of their times in seconds, or null of none. */
const timeSchema = z.object({ count: z.number(), medianSeconds: z.number().nullable() });

/** The times of the testimonials submitted in the range, of which at most the latest `mostTimed` were looked at. */
export const timesSchema = z.object({
  looked: z.number(),
  /** From the instant that the request was sent. */
  untilSubmitted: timeSchema,
  /** From there to the approval or, where none is recorded, the publication. */
  untilApproved: timeSchema,
});

export type Times = z.infer<typeof timesSchema>;

/** The median between two instants, both finite and in this order. */
function medianTime(from: string, to: string): string {
  const isKnown = `isfinite(${from}) and isfinite(${to}) and ${to} >= ${from}`;
  return `json_build_object(
        'count', count(*) filter (where ${isKnown}),
        'medianSeconds', percentile_cont(0.5)
          within group (order by extract(epoch from ${to} - ${from})::float8)
          filter (where ${isKnown})
      )`;
}

export const timesSql = `
    select json_build_object(
      'looked', count(*),
      'untilSubmitted', ${medianTime("t.sent_at", "t.submitted_at")},
      'untilApproved', ${medianTime("t.submitted_at", "t.approved_at")}
    )
    from (
      select r.sent_at, s.submitted_at, coalesce(s.approved_at, s.published_at) as approved_at
      from (
        select s.shop_id, s.request_id, s.submitted_at, s.approved_at, s.published_at
        from testimonial_submissions s
        where s.shop_id = :shopId
          and s.submitted_at >= :from::date
          and s.submitted_at < :until::date
        order by s.submitted_at desc
        limit ${mostTimed}
      ) s
      left join testimonial_requests r
        on r.id = s.request_id
        and r.shop_id = s.shop_id
    ) t`;
