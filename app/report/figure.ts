import type { Counts } from "~/testimonial-rollup";
import type { Locale } from "~/texts/locale";
import { type Figure, toValue } from "./figures";
import type { Step } from "./steps";

/**
 * A point of a drawn line. A null value is a gap. `from`, `to`: its days, both ends inclusive. `tick`: a short label for an axis. `isOpen`: a day in it is not over, so
 * that its value can still change; no point after it is of days that are over.
 */
export type Point = {
  from: string;
  to: string;
  label: string;
  tick: string;
  value: number | null;
  text: string;
  isOpen: boolean;
};

/**
 * A line, ready to be drawn and read. `key`: its figure's. `says`: what it counts. `before`: the points of the days that it is compared with,
 * the first with the first; there may be fewer of them.
 */
export type Line = {
  key: string;
  label: string;
  says: string;
  isRate: boolean;
  points: Point[];
  before: { label: string; points: Point[] } | null;
};

/** A change against the period before, in words. A fall is neither good nor bad. `none`: nothing to compare. */
export type Change = { direction: "up" | "down" | "level" | "none"; text: string };

/** A tenth of a percent, the last digit that is shown. */
const smallestShare = 0.001;

/** The figure as a line over the steps, beside that over the steps before where there are some to compare with. */
export function toLine(locale: Locale, figure: Figure, steps: Step[], before: Step[] | null = null): Line {
  return {
    key: figure.key,
    label: figure.label,
    says: figure.says,
    isRate: isRate(figure),
    points: toPoints(locale, figure, steps),
    before: before && {
      label: locale.texts.trend.daysBefore,
      points: toPoints(locale, figure, before.slice(0, steps.length)),
    },
  };
}

function toPoints(locale: Locale, figure: Figure, steps: Step[]): Point[] {
  return steps.map(({ from, to, isOpen, counts }) => {
    const value = toValue(figure, counts);
    return {
      from,
      to,
      label: toStepText(locale, { from, to, isOpen }),
      tick: from === to ? locale.formatShortDay(to) : locale.formatMonth(to),
      value,
      text: toFigureText(locale, figure, value),
      isOpen,
    };
  });
}

/** The days of a step; of those that are not over, with a word that says so. */
export function toStepText(locale: Locale, { from, to, isOpen }: Pick<Step, "from" | "to" | "isOpen">): string {
  const days = locale.formatDays(from, to);
  return isOpen ? locale.texts.trend.soFar(days) : days;
}

/** A point in words, with the one that it is compared with: a dash would not be read out. */
export function toSpokenText({ texts: { trend } }: Locale, point: Point, before?: Point): string {
  const toValueText = ({ value, text }: Point) => (value === null ? trend.noValue : text);
  const spoken = trend.point(point.label, toValueText(point));
  return before ? trend.pointBefore(spoken, toValueText(before), before.label) : spoken;
}

/** The value as people read it: 1,234 or 12.3%, or a dash for none. */
export function toFigureText(locale: Locale, figure: Figure, value: number | null): string {
  return value === null || isRate(figure) ? locale.formatPercent(value) : locale.formatNumber(value);
}

/**
 * The change from `previous` to `current`: in percent of a count, in percentage points of a rate. A rate without anything
 * to divide by is none; a count of zero is a count, of which there is no percentage.
 */
export function toChange(locale: Locale, figure: Figure, current: Counts, previous: Counts): Change {
  const { change } = locale.texts;
  const [now, before] = [toValue(figure, current), toValue(figure, previous)];
  if (before === null) return { direction: "none", text: change.noRateBefore };
  if (now === null) return { direction: "none", text: change.noRateNow };
  const difference = now - before;
  if (difference === 0) return { direction: "level", text: change.none };
  if (before === 0 && !isRate(figure)) return { direction: "up", text: change.upFromZero };
  const size = isRate(figure) ? toPointsText(locale, difference) : toPercentText(locale, difference / before);
  return difference > 0 ? { direction: "up", text: change.up(size) } : { direction: "down", text: change.down(size) };
}

/** A difference of two shares of 1, without its sign, as "2.1 points". */
function toPointsText({ formatSize, texts: { change } }: Locale, difference: number): string {
  return toSizeText(difference, (share) => change.points(formatSize(share * 100)), change.lessThan);
}

/** A change as a share of 1, without its sign, as "2.1%". */
function toPercentText({ formatPercent, texts: { change } }: Locale, share: number): string {
  return toSizeText(share, formatPercent, change.lessThan);
}

// A change that rounds to nothing is not "up 0".
function toSizeText(share: number, format: (share: number) => string, lessThan: (size: string) => string): string {
  const text = format(Math.abs(share));
  return text === format(0) ? lessThan(format(smallestShare)) : text;
}

function isRate(figure: Figure): boolean {
  return figure.per !== undefined;
}
