import { z } from "zod";

/** Requests that came to nothing, sent in the range or, where they were never sent, made in it. */
export const lostRequestsSchema = z.object({ failed: z.number(), expired: z.number() });

export type LostRequests = z.infer<typeof lostRequestsSchema>;

// Both halves are counted from an index of such requests alone: see testimonial_requests_lost_idx.
export const lostRequestsSql = `
    select json_build_object(
      'failed', count(*) filter (where l.status = 'failed'),
      'expired', count(*) filter (where l.status = 'expired')
    )
    from (
      select r.status
      from testimonial_requests r
      where r.shop_id = :shopId
        and r.status in ('failed', 'expired')
        and r.sent_at >= :from::date
        and r.sent_at < :until::date
      union all
      select r.status
      from testimonial_requests r
      where r.shop_id = :shopId
        and r.status in ('failed', 'expired')
        and r.sent_at is null
        and r.created_at >= :from::date
        and r.created_at < :until::date
    ) l`;
