import type { Condition } from "./services/rollup/definition/condition";
import { count, countDistinct, defineRollup, sum } from "./services/rollup/definition/rollup";
import type { RangeCounts } from "./services/rollup/read/read.server";

// A later step stands for those before it, so that no stage of a cohort is above the one before: who has answered a request
// has clicked it, and who has clicked has opened it, whatever was recorded. A decision that is published was an approval.
const isAnswered = { submitted_at: { not: null } };
const isClicked: Condition[] = [
  isAnswered,
  { clicked_at: { not: null } },
  { $has: { request_events: { event_type: "clicked" } } },
];
const isOpened: Condition[] = [...isClicked, { $has: { request_events: { event_type: "opened" } } }];
const isApproved: Condition[] = [{ approved_at: { not: null } }, { published_at: { not: null } }];

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
  filters: { product: { requests: "shopify_product_id", submissions: "shopify_product_id" } },
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
  cohortMetrics: {
    sentOpened: {
      column: "sent_opened",
      label: "Opened so far",
      counts: "Of the requests sent on the UTC day, those opened or clicked until now.",
      from: { sent: count({ $anyOf: isOpened }) },
    },
    sentClicked: {
      column: "sent_clicked",
      label: "Clicked so far",
      counts: "Of the requests sent on the UTC day, those clicked until now.",
      from: { sent: count({ $anyOf: isClicked }) },
    },
    sentSubmitted: {
      column: "sent_submitted",
      label: "Answered so far",
      counts: "Of the requests sent on the UTC day, those answered by a testimonial until now.",
      from: { sent: count(isAnswered) },
    },
    submittedApproved: {
      column: "submitted_approved",
      label: "Approved so far",
      counts: "Of the testimonials submitted on the UTC day, those approved until now.",
      from: { submitted: count({ $anyOf: isApproved }) },
    },
    submittedRejected: {
      column: "submitted_rejected",
      label: "Rejected so far",
      counts: "Of the testimonials submitted on the UTC day, those rejected until now that were never approved.",
      from: { submitted: count({ status: "rejected", approved_at: null, published_at: null }) },
    },
    submittedPublished: {
      column: "submitted_published",
      label: "Published so far",
      counts: "Of the testimonials submitted on the UTC day, those published until now.",
      from: { submitted: count({ published_at: { not: null } }) },
    },
    ratingsSum: {
      column: "ratings_sum",
      label: "Sum of ratings",
      counts: "The stars of the testimonials submitted on the UTC day, from 1 to 5 each, added up.",
      from: { submitted: sum("rating", { rating: { atLeast: 1, atMost: 5 } }) },
    },
    ratingsCount: {
      column: "ratings_count",
      label: "Ratings",
      counts: "Of the testimonials submitted on the UTC day, those with a rating of 1 to 5 stars.",
      from: { submitted: count({ rating: { atLeast: 1, atMost: 5 } }) },
    },
    ratings1: toStarsMetric(1),
    ratings2: toStarsMetric(2),
    ratings3: toStarsMetric(3),
    ratings4: toStarsMetric(4),
    ratings5: toStarsMetric(5),
  },
});

/** Testimonials with a rating of so many stars. */
function toStarsMetric(rating: 1 | 2 | 3 | 4 | 5) {
  const label = rating === 1 ? "1 star" : `${rating} stars`;
  return {
    column: `ratings_${rating}`,
    label,
    counts: `Of the testimonials submitted on the UTC day, those rated with ${label}.`,
    from: { submitted: count({ rating }) },
  };
}

export const { metrics, cohortMetrics } = definition;

export type MetricName = keyof typeof metrics;
export type CohortName = keyof typeof cohortMetrics;

/** One number for each metric of totals: of a day, or summed over a range. */
export type Counts = Record<MetricName, number>;

/** One number for each metric of a cohort: of a day, or summed over a range. */
export type CohortCounts = Record<CohortName, number>;

/** All counts of a day or a range. */
export type AllCounts = Counts & CohortCounts;
export type CountName = MetricName | CohortName;

export const metricNames = Object.keys(metrics) as MetricName[];
export const cohortNames = Object.keys(cohortMetrics) as CohortName[];
export const countNames: CountName[] = [...metricNames, ...cohortNames];

/** A range as this definition counts it. */
export type RangeNumbers = RangeCounts<MetricName, CohortName>;
