import type { Purgeable } from "./services/rollup/seal/purge-sql";

// What this app can let go of once its days are sealed. Testimonials stay: they are what merchants publish.

/** What happened to requests: opened, clicked and so on. */
export const events: Purgeable = { source: "request_events" };

/** Requests that no testimonial answers, with what is left of their events. */
export const unansweredRequests: Purgeable = {
  source: "requests",
  unless: "exists (select from testimonial_submissions t where t.request_id = x.id and t.shop_id = :shopId)",
};
