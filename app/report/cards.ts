import type { Freshness } from "~/services/rollup/read/read.server";
import type { Counts, RangeNumbers } from "~/testimonial-rollup";
import type { Locale } from "~/texts/locale";
import { type Change, type Line, toChange, toFigureText, toLine, toStepText } from "./figure";
import { type Figure, listDashboardFigures, listRates, toValue } from "./figures";
import { type Step, toSteps } from "./steps";

/** A number with its line and its change, ready to be shown. `key`: of the line of the trend that it leads to. */
export type FigureCard = { key: string; label: string; says: string; value: string; change: Change; line: Line };

/** The columns and rows of a table. */
export type Table = { headings: string[]; rows: string[][] };

/** The numbers of a page, beside those of the period before. */
type Numbers = Pick<RangeNumbers, "totals" | "series"> & {
  beside: { previous: Pick<RangeNumbers, "totals"> };
  freshness: Freshness;
};

const mostDailySteps = 92;

/** The dashboard's cards, and the data of their lines as one table. */
export function toCards(
  locale: Locale,
  { totals, series, beside, freshness }: Numbers,
): { cards: FigureCard[]; table: Table } {
  const steps = toSteps({ series, most: mostDailySteps, asOf: freshness.asOf });
  const cards = listDashboardFigures(locale).map((figure) => ({
    ...toCard(locale, figure, totals, beside.previous.totals),
    line: toLine(locale, figure, steps),
  }));
  return { cards, table: toTable(locale, steps, cards) };
}

/** The rates of a range, without lines. */
export function toRates(
  locale: Locale,
  { totals, beside }: Pick<Numbers, "totals" | "beside">,
): Omit<FigureCard, "line">[] {
  return listRates(locale).map((rate) => toCard(locale, rate, totals, beside.previous.totals));
}

function toCard(locale: Locale, figure: Figure, totals: Counts, previous: Counts): Omit<FigureCard, "line"> {
  return {
    key: figure.key,
    label: figure.label,
    says: figure.says,
    value: toFigureText(locale, figure, toValue(figure, totals)),
    change: toChange(locale, figure, totals, previous),
  };
}

function toTable(locale: Locale, steps: Step[], cards: FigureCard[]): Table {
  const { tables } = locale.texts;
  const isDaily = steps.every((step) => step.from === step.to);
  return {
    headings: [isDaily ? tables.day : tables.days, ...cards.map((card) => card.label)],
    rows: steps.map((step, index) => [
      toStepText(locale, step),
      ...cards.map((card) => card.line.points[index]?.text ?? ""),
    ]),
  };
}
