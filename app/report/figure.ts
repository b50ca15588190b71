import type { Counts } from "~/testimonial-rollup";
import { type Figure, toValue } from "./figures";
import type { Step } from "./steps";
import {
  toDaysText,
  toMonthText,
  toNumberText,
  toPercentChangeText,
  toPercentText,
  toPointsText,
  toShortDayText,
} from "./text";

/**
 * A point of a drawn line. A null value is a gap. `tick`: a short label for an axis. `isOpen`: a day in it is not over, so
 * that its value can still change; no point after it is of days that are over.
 */
export type Point = { label: string; tick: string; value: number | null; text: string; isOpen: boolean };

/**
 * A line, ready to be drawn and read. `says`: what it counts. `before`: the points of the days that it is compared with,
 * the first with the first; there may be fewer of them.
 */
export type Line = {
  label: string;
  says: string;
  isRate: boolean;
  points: Point[];
  before: { label: string; points: Point[] } | null;
};

/** A change against the period before, in words. A fall is neither good nor bad. `none`: nothing to compare. */
export type Change = { direction: "up" | "down" | "level" | "none"; text: string };

/** The figure as a line over the steps, beside that over the steps before where there are some to compare with. */
export function toLine(figure: Figure, steps: Step[], before: Step[] | null = null): Line {
  return {
    label: figure.label,
    says: figure.says,
    isRate: isRate(figure),
    points: toPoints(figure, steps),
    before: before && { label: "Days before", points: toPoints(figure, before.slice(0, steps.length)) },
  };
}

function toPoints(figure: Figure, steps: Step[]): Point[] {
  return steps.map(({ from, to, isOpen, counts }) => {
    const value = toValue(figure, counts);
    return {
      label: toStepText({ from, to, isOpen }),
      tick: from === to ? toShortDayText(to) : toMonthText(to),
      value,
      text: toFigureText(figure, value),
      isOpen,
    };
  });
}

/** The days of a step; of those that are not over, with a word that says so. */
export function toStepText({ from, to, isOpen }: Pick<Step, "from" | "to" | "isOpen">): string {
  return `${toDaysText(from, to)}${isOpen ? ", so far" : ""}`;
}

/** A point in words, with the one that it is compared with: a dash would not be read out. */
export function toSpokenText(point: Point, before?: Point): string {
  const spoken = `${point.label}: ${toSpokenValue(point)}`;
  return before ? `${spoken}; before: ${toSpokenValue(before)}, ${before.label}` : spoken;
}

function toSpokenValue({ value, text }: Point): string {
  return value === null ? "none" : text;
}

/** The value as people read it: 1,234 or 12.3%, or a dash for none. */
export function toFigureText(figure: Figure, value: number | null): string {
  return value === null || isRate(figure) ? toPercentText(value) : toNumberText(value);
}

/**
 * The change from `previous` to `current`: in percent of a count, in percentage points of a rate. A rate without anything
 * to divide by is none; a count of zero is a count, of which there is no percentage.
 */
export function toChange(figure: Figure, current: Counts, previous: Counts): Change {
  const [now, before] = [toValue(figure, current), toValue(figure, previous)];
  if (before === null) return { direction: "none", text: "No rate before" };
  if (now === null) return { direction: "none", text: "No rate in these days" };
  const difference = now - before;
  if (difference === 0) return { direction: "level", text: "No change" };
  if (before === 0 && !isRate(figure)) return { direction: "up", text: "Up from 0" };
  const text = isRate(figure) ? toPointsText(difference) : toPercentChangeText(difference / before);
  return difference > 0 ? { direction: "up", text: `Up ${text}` } : { direction: "down", text: `Down ${text}` };
}

function isRate(figure: Figure): boolean {
  return figure.per !== undefined;
}
