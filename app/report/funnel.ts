import type { ReportNumbers, Sums } from "~/services/report.server";
import type { Locale } from "~/texts/locale";
import { toCounts, toShareText } from "./figure";
import { listFunnels } from "./figures";
import { toShare } from "./share";

/** A stage of a funnel, ready to be shown. `width`: its bar, as a share of the first. `raw`: its numbers as they are. */
export type FunnelRow = {
  label: string;
  says: string;
  value: string;
  ofFirst: string;
  ofPrevious: string;
  width: number;
  raw: { count: number; ofFirst: number | null; ofPrevious: number | null };
};

/** What has become of the requests sent, or of the testimonials submitted, in a range. */
export type FunnelPart = { name: string; title: string; rows: FunnelRow[] };

/** The funnels of a range: each stage with its share of the first stage and of the one before. */
export function toFunnels(locale: Locale, sums: Sums): FunnelPart[] {
  const counts = toCounts(sums);
  return listFunnels(locale).map(({ name, title, stages }) => {
    const first = counts[stages[0]?.of ?? "requestsSent"];
    const rows = stages.map(({ label, says, of }, index) => {
      const count = counts[of];
      const previous = counts[stages[index - 1]?.of ?? of];
      return {
        label,
        says,
        value: locale.formatNumber(count),
        ofFirst: index === 0 ? "" : toShareText(locale, count, first),
        ofPrevious: index === 0 ? "" : toShareText(locale, count, previous),
        width: toShare(count, first) ?? 0,
        raw: {
          count,
          ofFirst: index === 0 ? null : toShare(count, first),
          ofPrevious: index === 0 ? null : toShare(count, previous),
        },
      };
    });
    return { name, title, rows };
  });
}

/** What the stages count and, where some of the days shown still await answers, how long these take. */
export function toFunnelNote(
  { texts: { funnel }, formatNumber }: Locale,
  { steps, openFrom, ripening }: Pick<ReportNumbers, "steps" | "openFrom" | "ripening">,
): string {
  const isOpen = steps !== null && steps.to >= openFrom.sent;
  return isOpen ? `${funnel.note} ${funnel.stillOpen(ripening.sent, formatNumber(ripening.sent))}` : funnel.note;
}
