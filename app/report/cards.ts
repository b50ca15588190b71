import type { Freshness } from "~/services/rollup/read/read.server";
import type { Counts, RangeNumbers } from "~/testimonial-rollup";
import { type Change, type Line, toChange, toFigureText, toLine, toStepText } from "./figure";
import { dashboardFigures, type Figure, rates, toValue } from "./figures";
import { type Step, toSteps } from "./steps";

/** A number with its line and its change, ready to be shown. */
export type FigureCard = { label: string; says: string; value: string; change: Change; line: Line };

/** The columns and rows of a table. */
export type Table = { headings: string[]; rows: string[][] };

/** The numbers of a page, beside those of the period before. */
type Numbers = Pick<RangeNumbers, "totals" | "series"> & {
  beside: { previous: Pick<RangeNumbers, "totals"> };
  freshness: Freshness;
};

const mostDailySteps = 92;

/** The dashboard's cards, and the data of their lines as one table. */
export function toCards({ totals, series, beside, freshness }: Numbers): {
  cards: FigureCard[];
  table: Table;
} {
  const steps = toSteps({ series, most: mostDailySteps, asOf: freshness.asOf });
  const cards = dashboardFigures.map((figure) => ({
    ...toCard(figure, totals, beside.previous.totals),
    line: toLine(figure, steps),
  }));
  return { cards, table: toTable(steps, cards) };
}

/** The rates of a range, without lines. */
export function toRates({ totals, beside }: Pick<Numbers, "totals" | "beside">) {
  return rates.map((rate) => toCard(rate, totals, beside.previous.totals));
}

function toCard(figure: Figure, totals: Counts, previous: Counts): Omit<FigureCard, "line"> {
  return {
    label: figure.label,
    says: figure.says,
    value: toFigureText(figure, toValue(figure, totals)),
    change: toChange(figure, totals, previous),
  };
}

function toTable(steps: Step[], cards: FigureCard[]): Table {
  const isDaily = steps.every((step) => step.from === step.to);
  return {
    headings: [isDaily ? "Day (UTC)" : "Days (UTC)", ...cards.map((card) => card.label)],
    rows: steps.map((step, index) => [toStepText(step), ...cards.map((card) => card.line.points[index]?.text ?? "")]),
  };
}
