import type { Counts } from "~/testimonial-rollup";
import { stages } from "./figures";
import { toNumberText, toPercentText, toShare } from "./text";

/** A stage of the funnel, ready to be shown. `width`: its bar, as a share of the widest. */
export type FunnelRow = {
  label: string;
  says: string;
  isLive: boolean;
  value: string;
  ofFirst: string;
  ofPrevious: string;
  width: number;
};

/** The funnel of a range: each stage with its share of the first stage and of the one before. */
export function toFunnel(totals: Counts, live: { opened: number }): FunnelRow[] {
  const values = stages.map((stage) => ("live" in stage ? live[stage.live] : totals[stage.of]));
  const widest = Math.max(...values);
  return stages.map((stage, index) => {
    const value = values[index] ?? 0;
    return {
      label: stage.label,
      says: stage.says,
      isLive: "live" in stage,
      value: toNumberText(value),
      ofFirst: toPercentText(toShare(value, values[0] ?? 0)),
      ofPrevious: index === 0 ? "" : toPercentText(toShare(value, values[index - 1] ?? 0)),
      width: toShare(value, widest) ?? 0,
    };
  });
}
