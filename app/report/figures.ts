import { type AllCounts, type CountName, type MetricName, metricNames } from "~/testimonial-rollup";
import type { Locale } from "~/texts/locale";

/**
 * When a figure of a day stops changing by itself: what happened, when the day is over; what has become of the requests sent
 * or the testimonials submitted, when most answers to them have come.
 */
export type FigureKind = "events" | "sent" | "submitted";

/** What a page shows of some days: a count, or its share `per` another one. `key`: its name in addresses. */
export type Figure = {
  key: string;
  label: string;
  says: string;
  kind: FigureKind;
  of: CountName;
  per?: MetricName;
};

function toCountFigure({ texts: { metrics } }: Locale, of: MetricName, label = metrics[of].label): Figure {
  return { key: of.replace(/Count$/, ""), label, says: metrics[of].says, kind: "events", of };
}

/** Shares of what was sent, and of what was submitted, on the days shown: a day's share is never above 1. */
export function listRates({ texts: { figures } }: Locale): Figure[] {
  const { clickRate, submissionRate, approvalRate } = figures;
  return [
    { key: "clickRate", ...clickRate, kind: "sent", of: "sentClicked", per: "requestsSent" },
    { key: "submissionRate", ...submissionRate, kind: "sent", of: "sentSubmitted", per: "requestsSent" },
    { key: "approvalRate", ...approvalRate, kind: "submitted", of: "submittedApproved", per: "submissionsCount" },
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

/** The counts that the dashboard's cards are made of, and those of the trend's lines. */
export const dashboardCounts: CountName[] = [
  "requestsSent",
  "sentClicked",
  "sentSubmitted",
  "submissionsCount",
  "submittedApproved",
  "publishedCount",
];
export const trendCounts: CountName[] = [...metricNames, "sentClicked", "sentSubmitted", "submittedApproved"];

/** A step on the way of a request, or of a testimonial. */
export type Stage = { label: string; says: string; of: CountName };

/** What becomes of requests and of testimonials, `name` in files, each with its stages in order: none is above the one before. */
export function listFunnels({
  texts: { metrics, cohorts, funnel },
}: Locale): { name: string; title: string; stages: Stage[] }[] {
  const { sent, opened, clicked, answered, submitted, approved, published } = funnel.stages;
  return [
    {
      name: "requests",
      title: funnel.ofSent,
      stages: [
        { label: sent, says: metrics.requestsSent.says, of: "requestsSent" },
        { label: opened, says: cohorts.sentOpened.says, of: "sentOpened" },
        { label: clicked, says: cohorts.sentClicked.says, of: "sentClicked" },
        { label: answered, says: cohorts.sentSubmitted.says, of: "sentSubmitted" },
      ],
    },
    {
      name: "testimonials",
      title: funnel.ofSubmitted,
      stages: [
        { label: submitted, says: metrics.submissionsCount.says, of: "submissionsCount" },
        { label: approved, says: cohorts.submittedApproved.says, of: "submittedApproved" },
        { label: published, says: cohorts.submittedPublished.says, of: "submittedPublished" },
      ],
    },
  ];
}

/** What the later stages of the funnels count, under names that no count by day has. */
export function listStageNotes({ texts: { cohorts } }: Locale): { label: string; says: string }[] {
  const { sentOpened, sentClicked, sentSubmitted, submittedApproved, submittedPublished } = cohorts;
  return [sentOpened, sentClicked, sentSubmitted, submittedApproved, submittedPublished];
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
export function toValue({ of, per }: Figure, counts: Partial<AllCounts>): number | null {
  const count = counts[of] ?? 0;
  if (!per) return count;
  const whole = counts[per] ?? 0;
  return whole === 0 ? null : count / whole;
}
