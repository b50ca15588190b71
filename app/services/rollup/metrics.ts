/**
 * What can be counted by day: the rows of `table` on the UTC day of `at`. With `request`, a row counts only if its
 * request, in the same shop, fulfils that condition. In conditions `x` is the row and `r` its request.
 */
export type Scan = { table: string; at: string; where?: string; request?: string };

export const scans = {
  sent: { table: "testimonial_requests", at: "sent_at" },
  clicked: { table: "testimonial_requests", at: "clicked_at" },
  clickEvents: {
    table: "testimonial_request_events",
    at: "event_at",
    where: "x.event_type = 'clicked'",
    request: "r.clicked_at is null",
  },
  submitted: { table: "testimonial_submissions", at: "submitted_at" },
  approved: { table: "testimonial_submissions", at: "approved_at" },
  published: { table: "testimonial_submissions", at: "published_at" },
} as const satisfies Record<string, Scan>;

export type ScanName = keyof typeof scans;

/** A metric's stored column, its share from each scan (an aggregate over the rows of one day), and what it says. */
export type Metric = { column: string; label: string; counts: string; from: Partial<Record<ScanName, string>> };

/**
 * The definition of every metric. The recount, the live read, the verification, the row schemas and the cards of the
 * pages derive from this table. Values are additive: a range is the sum of its days.
 */
export const metrics = {
  requestsSent: {
    column: "requests_sent",
    label: "Requests sent",
    counts: "Requests, on the UTC day they were sent.",
    from: { sent: "count(*)" },
  },
  requestsClicked: {
    column: "requests_clicked",
    label: "Requests clicked",
    counts:
      "Requests, on the UTC day they were clicked. A request without a recorded click time counts once on each day with a click event.",
    from: { clicked: "count(*)", clickEvents: "count(distinct x.request_id)" },
  },
  submissionsCount: {
    column: "submissions_count",
    label: "Submissions",
    counts: "Testimonials, on the UTC day they were submitted.",
    from: { submitted: "count(*)" },
  },
  approvedCount: {
    column: "approved_count",
    label: "Approved",
    counts: "Testimonials, on the UTC day they were approved.",
    from: { approved: "count(*)" },
  },
  publishedCount: {
    column: "published_count",
    label: "Published",
    counts: "Testimonials, on the UTC day they were published.",
    from: { published: "count(*)" },
  },
  videoSubmissionsCount: {
    column: "video_submissions_count",
    label: "Video submissions",
    counts: "Testimonials with a video, on the UTC day they were submitted.",
    from: { submitted: "count(*) filter (where x.media_type = 'video')" },
  },
  photoSubmissionsCount: {
    column: "photo_submissions_count",
    label: "Photo submissions",
    counts: "Testimonials with a photo, on the UTC day they were submitted.",
    from: { submitted: "count(*) filter (where x.media_type = 'photo')" },
  },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof metrics;

/** One number for each metric: of a day, or summed over a range. */
export type Counts = Record<MetricName, number>;

export const metricNames = Object.keys(metrics) as MetricName[];

/** A number for each metric, made by `count`. */
export function toCounts(count: (name: MetricName) => number): Counts {
  return Object.fromEntries(metricNames.map((name) => [name, count(name)])) as Counts;
}
