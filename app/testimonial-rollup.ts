import { count, countDistinct, defineRollup } from "./services/rollup/definition/rollup";

/**
 * The one definition of what is counted. Triggers, recount, live read, verification, schemas and the cards of the pages
 * derive from it. Values are additive: a range is the sum of its days.
 */
export const definition = defineRollup({
  table: "testimonial_daily_analytics",
  shops: { table: "shops", key: "id", installed: { uninstalled_at: null } },
  instants: "timestamp",
  sources: {
    requests: { table: "testimonial_requests", key: "id", shop: "shop_id" },
    request_events: {
      table: "testimonial_request_events",
      key: "id",
      shop: "shop_id",
      parent: { source: "requests", column: "request_id" },
    },
    submissions: { table: "testimonial_submissions", key: "id", shop: "shop_id" },
  },
  scans: {
    sent: { source: "requests", at: "sent_at" },
    clicked: { source: "requests", at: "clicked_at" },
    clickEvents: {
      source: "request_events",
      at: "event_at",
      where: { event_type: "clicked" },
      parent: { clicked_at: null },
    },
    submitted: { source: "submissions", at: "submitted_at" },
    approved: { source: "submissions", at: "approved_at" },
    published: { source: "submissions", at: "published_at" },
  },
  metrics: {
    requestsSent: {
      column: "requests_sent",
      label: "Requests sent",
      counts: "Requests, on the UTC day they were sent.",
      from: { sent: count() },
    },
    requestsClicked: {
      column: "requests_clicked",
      label: "Requests clicked",
      counts:
        "Requests, on the UTC day they were clicked. A request without a recorded click time counts once on each day with a click event.",
      from: { clicked: count(), clickEvents: countDistinct("request_id") },
    },
    submissionsCount: {
      column: "submissions_count",
      label: "Submissions",
      counts: "Testimonials, on the UTC day they were submitted.",
      from: { submitted: count() },
    },
    approvedCount: {
      column: "approved_count",
      label: "Approved",
      counts: "Testimonials, on the UTC day they were approved.",
      from: { approved: count() },
    },
    publishedCount: {
      column: "published_count",
      label: "Published",
      counts: "Testimonials, on the UTC day they were published.",
      from: { published: count() },
    },
    videoSubmissionsCount: {
      column: "video_submissions_count",
      label: "Video submissions",
      counts: "Testimonials with a video, on the UTC day they were submitted.",
      from: { submitted: count({ media_type: "video" }) },
    },
    photoSubmissionsCount: {
      column: "photo_submissions_count",
      label: "Photo submissions",
      counts: "Testimonials with a photo, on the UTC day they were submitted.",
      from: { submitted: count({ media_type: "photo" }) },
    },
  },
});

export const { metrics } = definition;

export type MetricName = keyof typeof metrics;

/** One number for each metric: of a day, or summed over a range. */
export type Counts = Record<MetricName, number>;

export const metricNames = Object.keys(metrics) as MetricName[];

/** A number for each metric, made by `count`. */
export function toCounts(count: (name: MetricName) => number): Counts {
  return Object.fromEntries(metricNames.map((name) => [name, count(name)])) as Counts;
}
