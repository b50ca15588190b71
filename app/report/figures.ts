import { type Counts, type MetricName, metricNames } from "~/testimonial-rollup";
import type { Locale } from "~/texts/locale";

/** What a page shows of some days: the count of a metric, or its share `per` another one. `key`: its name in addresses. */
export type Figure = { key: string; label: string; says: string; of: MetricName; per?: MetricName };

function toCountFigure({ texts: { metrics } }: Locale, of: MetricName, label = metrics[of].label): Figure {
  return { key: of.replace(/Count$/, ""), label, says: metrics[of].says, of };
}

type RateName = "clickRate" | "submissionRate" | "approvalRate";

function toRateFigure({ texts: { metrics, figures } }: Locale, key: RateName, of: MetricName, per: MetricName): Figure {
  const terms = figures.rateSays(metrics[of].label, metrics[per].label);
  return { key, label: figures[key], says: `${terms} ${metrics[of].says} ${metrics[per].says}`, of, per };
}

/** Shares of one metric in another. */
export function listRates(locale: Locale): Figure[] {
  return [
    toRateFigure(locale, "clickRate", "requestsClicked", "requestsSent"),
    toRateFigure(locale, "submissionRate", "submissionsCount", "requestsSent"),
    toRateFigure(locale, "approvalRate", "approvedCount", "submissionsCount"),
  ];
}

/** The dashboard's cards, in order. */
export function listDashboardFigures(locale: Locale): Figure[] {
  return [
    toCountFigure(locale, "requestsSent"),
    ...listRates(locale),
    toCountFigure(locale, "publishedCount", locale.texts.figures.publishedTestimonials),
  ];
}

/** All that the trend can show. */
export function listTrendFigures(locale: Locale): Figure[] {
  return [...metricNames.map((name) => toCountFigure(locale, name)), ...listRates(locale)];
}

/** A step on the way from a request to a published testimonial. `live`: no metric, counted with the page's read. */
export type Stage = { label: string; says: string } & ({ of: MetricName } | { live: "opened" });

/** The stages of the funnel, in order. */
export function listStages({ texts: { metrics, funnel } }: Locale): Stage[] {
  const { sent, opened, clicked, submitted, approved, published } = funnel.stages;
  return [
    { label: sent, says: metrics.requestsSent.says, of: "requestsSent" },
    { label: opened, says: funnel.openedSays, live: "opened" },
    { label: clicked, says: metrics.requestsClicked.says, of: "requestsClicked" },
    { label: submitted, says: metrics.submissionsCount.says, of: "submissionsCount" },
    { label: approved, says: metrics.approvedCount.says, of: "approvedCount" },
    { label: published, says: metrics.publishedCount.says, of: "publishedCount" },
  ];
}

/** The kinds of testimonials: `parts` are counted, the rest of `whole` has neither. */
export const media = {
  whole: "submissionsCount",
  parts: [
    { name: "video", of: "videoSubmissionsCount" },
    { name: "photo", of: "photoSubmissionsCount" },
  ],
  rest: "text",
} as const satisfies { whole: MetricName; parts: { name: string; of: MetricName }[]; rest: string };

/** The figure of the counts of a day or a range: of sums, for a rate. Null where there is nothing to divide by. */
export function toValue({ of, per }: Figure, counts: Counts): number | null {
  if (!per) return counts[of];
  return counts[per] === 0 ? null : counts[of] / counts[per];
}
