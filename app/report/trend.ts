import type { Freshness } from "~/services/rollup/read/read.server";
import type { RangeNumbers } from "~/testimonial-rollup";
import { type Line, toLine } from "./figure";
import { trendFigures } from "./figures";
import { toSteps } from "./steps";

const mostDailySteps = 366;

/** A line for each figure over the days or, of more than a year, over its weeks. */
export function toTrend({ series, freshness }: Pick<RangeNumbers, "series"> & { freshness: Freshness }): {
  lines: Line[];
  unit: "day" | "week";
} {
  const steps = toSteps({ series, most: mostDailySteps, asOf: freshness.asOf });
  return {
    lines: trendFigures.map((figure) => toLine(figure, steps)),
    unit: series.length > mostDailySteps ? "week" : "day",
  };
}
