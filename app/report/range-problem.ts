import type { RangeProblem } from "~/http/range-choice.server";
import type { Locale } from "~/texts/locale";

/** What is wrong with a chosen range, as a sentence to the person who chose it. */
export function toProblemText({ texts: { range }, formatDay, formatNumber }: Locale, problem: RangeProblem): string {
  switch (problem.code) {
    case "noSuchRange":
      return range.noSuchRange(formatNumber(problem.shownDays));
    case "missing":
      return range.missing;
    case "notBegun":
      return range.notBegun(formatDay(problem.today));
    case "noDay":
      return range.noDay(formatDay(problem.first), formatDay(problem.today));
    case "beforeFrom":
      return range.beforeFrom(formatDay(problem.from));
    case "tooLong":
      return range.tooLong(formatDay(problem.latest));
  }
}
