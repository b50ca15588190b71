import type { ReportNumbers } from "~/services/report.server";
import type { Locale } from "~/texts/locale";
import { type Change, type Line, type Steps, toChange, toCounts, toFigureText, toLine, toStepText } from "./figure";
import { type Figure, listDashboardFigures, listRates } from "./figures";
import { toSteps } from "./steps";

/** A number with its line and its change, ready to be shown. `key`: of the line of the trend that it leads to. */
export type FigureCard = { key: string; label: string; says: string; value: string; change: Change; line: Line };

/** The columns and rows of a table. */
export type Table = { headings: string[]; rows: string[][] };

/** The dashboard's cards, and the data of their lines as one table. */
export function toCards(locale: Locale, numbers: ReportNumbers): { cards: FigureCard[]; table: Table } {
  const steps = toAllSteps(numbers);
  const cards = listDashboardFigures(locale).map((figure) => ({
    ...toCard(locale, figure, numbers),
    line: toLine(locale, figure, steps),
  }));
  return { cards, table: toTable(locale, steps, cards) };
}

/** The steps of a page's numbers, in both lists. */
export function toAllSteps({
  steps,
  stepsBefore,
  openFrom,
}: Pick<ReportNumbers, "steps" | "stepsBefore" | "openFrom">) {
  return { steps: steps ? toSteps(steps) : [], before: stepsBefore && toSteps(stepsBefore), openFrom };
}

/** The rates of a range, without lines. */
export function toRates(locale: Locale, numbers: ReportNumbers): Omit<FigureCard, "line">[] {
  return listRates(locale).map((rate) => toCard(locale, rate, numbers));
}

function toCard(locale: Locale, figure: Figure, numbers: ReportNumbers): Omit<FigureCard, "line"> {
  return {
    key: figure.key,
    label: figure.label,
    says: figure.says,
    value: toFigureText(locale, figure, toCounts(numbers.sums)),
    change: toChange(locale, figure, numbers),
  };
}

function toTable(locale: Locale, { steps, openFrom }: Steps, cards: FigureCard[]): Table {
  const { tables } = locale.texts;
  const isDaily = steps.every((step) => step.from === step.to);
  return {
    headings: [isDaily ? tables.day : tables.days, ...cards.map((card) => card.label)],
    rows: steps.map((step, index) => [
      toStepText(locale, step, openFrom.events),
      ...cards.map((card) => card.line.points[index]?.text ?? ""),
    ]),
  };
}
