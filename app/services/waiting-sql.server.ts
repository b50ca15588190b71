import { z } from "zod";
import { longWaitDays, mostWaiting } from "./waiting";

/** Testimonials that wait for moderation. Where more than `mostWaiting` do, one more than that is counted of them. */
export const waitingSchema = z.object({
  count: z.number(),
  /** Those submitted more than `longWaitDays` days ago. */
  long: z.number(),
  /** Those with a rating of 1 or 2 stars. */
  lowRated: z.number(),
});

// An infinite instant is none. The inner select goes along the index of shop and status, and stops at its limit.
export const waitingSql = `
    select json_build_object(
      'count', count(*),
      'long', count(*) filter (
        where w.submitted_at > '-infinity'
          and w.submitted_at < timezone('utc', statement_timestamp()) - interval '${longWaitDays} days'
      ),
      'lowRated', count(*) filter (where w.rating >= 1 and w.rating <= 2)
    )
    from (
      select s.submitted_at, s.rating
      from testimonial_submissions s
      where s.shop_id = :shopId
        and s.status = 'pending'
      limit ${mostWaiting + 1}
    ) w`;
