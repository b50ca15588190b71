import { trendFigures } from "~/services/rollup/figures";
import type { RangeCounts } from "~/services/rollup/read.server";
import { type Line, toLine } from "./figure";
import { toSteps } from "./steps";

const mostDailySteps = 366;

/** A line for each figure over the days or, of more than a year, over its weeks. */
export function toTrend({ series, freshness }: Pick<RangeCounts, "series" | "freshness">): {
  lines: Line[];
  unit: "day" | "week";
} {
  const steps = toSteps({ series, most: mostDailySteps, asOf: freshness.asOf });
  return {
    lines: trendFigures.map((figure) => toLine(figure, steps)),
    unit: series.length > mostDailySteps ? "week" : "day",
  };
}
