import type { ReportNumbers } from "~/services/report.server";
import type { Locale } from "~/texts/locale";
import { toAllSteps } from "./cards";
import { type Line, toLine } from "./figure";
import { listTrendFigures } from "./figures";
import type { CompareWith } from "./range";

/** What a point of the trend stands for. */
export type Unit = "day" | "week";

/** A line for each figure over the days or, where there are too many of them, over their weeks. */
export function toTrend(locale: Locale, numbers: ReportNumbers, compare?: CompareWith): { lines: Line[]; unit: Unit } {
  const steps = { ...toAllSteps(numbers), compare };
  return {
    lines: listTrendFigures(locale).map((figure) => toLine(locale, figure, steps)),
    unit: numbers.steps && numbers.steps.length > 1 ? "week" : "day",
  };
}
