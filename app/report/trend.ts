import type { Freshness } from "~/services/rollup/read/read.server";
import type { RangeNumbers } from "~/testimonial-rollup";
import type { Locale } from "~/texts/locale";
import { type Line, toLine } from "./figure";
import { listTrendFigures } from "./figures";
import { toSteps } from "./steps";

const mostDailySteps = 366;

/** What a point of the trend stands for. */
export type Unit = "day" | "week";

/** A line for each figure over the days or, of more than a year, over its weeks. */
export function toTrend(
  locale: Locale,
  { series, freshness }: Pick<RangeNumbers, "series"> & { freshness: Freshness },
): { lines: Line[]; unit: Unit } {
  const steps = toSteps({ series, most: mostDailySteps, asOf: freshness.asOf });
  return {
    lines: listTrendFigures(locale).map((figure) => toLine(locale, figure, steps)),
    unit: series.length > mostDailySteps ? "week" : "day",
  };
}
