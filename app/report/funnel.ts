import type { Counts } from "~/testimonial-rollup";
import type { Locale } from "~/texts/locale";
import { listStages } from "./figures";
import { toShare } from "./share";

/** A stage of the funnel, ready to be shown. `width`: its bar, as a share of the widest. `raw`: its numbers as they are. */
export type FunnelRow = {
  label: string;
  says: string;
  isLive: boolean;
  value: string;
  ofFirst: string;
  ofPrevious: string;
  width: number;
  raw: { count: number; ofFirst: number | null; ofPrevious: number | null };
};

/** The funnel of a range: each stage with its share of the first stage and of the one before. */
export function toFunnel(locale: Locale, totals: Counts, live: { opened: number }): FunnelRow[] {
  const stages = listStages(locale);
  const values = stages.map((stage) => ("live" in stage ? live[stage.live] : totals[stage.of]));
  const widest = Math.max(...values);
  return stages.map((stage, index) => {
    const value = values[index] ?? 0;
    const ofFirst = toShare(value, values[0] ?? 0);
    const ofPrevious = index === 0 ? null : toShare(value, values[index - 1] ?? 0);
    return {
      label: stage.label,
      says: stage.says,
      isLive: "live" in stage,
      value: locale.formatNumber(value),
      ofFirst: locale.formatPercent(ofFirst),
      ofPrevious: index === 0 ? "" : locale.formatPercent(ofPrevious),
      width: toShare(value, widest) ?? 0,
      raw: { count: value, ofFirst, ofPrevious },
    };
  });
}
