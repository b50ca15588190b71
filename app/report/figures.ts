import { type Counts, type MetricName, metricNames, metrics } from "~/testimonial-rollup";

/** What a page shows of some days: the count of a metric, or its share `per` another one. */
export type Figure = { label: string; says: string; of: MetricName; per?: MetricName };

function toCountFigure(of: MetricName, label: string = metrics[of].label): Figure {
  return { label, says: metrics[of].counts, of };
}

function toRateFigure(label: string, of: MetricName, per: MetricName): Figure {
  const terms = `${metrics[of].label} ÷ ${metrics[per].label.toLowerCase()}, each summed over the days shown.`;
  return { label, says: `${terms} ${metrics[of].counts} ${metrics[per].counts}`, of, per };
}

/** Shares of one metric in another. */
export const rates: Figure[] = [
  toRateFigure("Click rate", "requestsClicked", "requestsSent"),
  toRateFigure("Submission rate", "submissionsCount", "requestsSent"),
  toRateFigure("Approval rate", "approvedCount", "submissionsCount"),
];

/** The dashboard's cards, in order. */
export const dashboardFigures: Figure[] = [
  toCountFigure("requestsSent"),
  ...rates,
  toCountFigure("publishedCount", "Published testimonials"),
];

/** All that the trend can show. */
export const trendFigures: Figure[] = [...metricNames.map((name) => toCountFigure(name)), ...rates];

/** A step on the way from a request to a published testimonial. `live`: no metric, counted with the page's read. */
export type Stage = { label: string; says: string } & ({ of: MetricName } | { live: "opened" });

export const stages: Stage[] = [
  { label: "Sent", says: metrics.requestsSent.counts, of: "requestsSent" },
  {
    label: "Opened",
    says: "Requests with an open event in the range, each once. Counted live from the events that are kept; not stored by day.",
    live: "opened",
  },
  { label: "Clicked", says: metrics.requestsClicked.counts, of: "requestsClicked" },
  { label: "Submitted", says: metrics.submissionsCount.counts, of: "submissionsCount" },
  { label: "Approved", says: metrics.approvedCount.counts, of: "approvedCount" },
  { label: "Published", says: metrics.publishedCount.counts, of: "publishedCount" },
];

/** The kinds of testimonials: `parts` are counted, the rest of `whole` has neither. */
export const media = {
  whole: "submissionsCount",
  parts: [
    { label: "Video", of: "videoSubmissionsCount" },
    { label: "Photo", of: "photoSubmissionsCount" },
  ],
  rest: "Text",
} as const satisfies { whole: MetricName; parts: { label: string; of: MetricName }[]; rest: string };

/** The figure of the counts of a day or a range: of sums, for a rate. Null where there is nothing to divide by. */
export function toValue({ of, per }: Figure, counts: Counts): number | null {
  if (!per) return counts[of];
  return counts[per] === 0 ? null : counts[of] / counts[per];
}
