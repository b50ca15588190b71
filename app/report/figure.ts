import type { ReportNumbers, Sums } from "~/services/report.server";
import type { Day } from "~/services/rollup/day";
import type { AllCounts } from "~/testimonial-rollup";
import type { Locale } from "~/texts/locale";
import { type Figure, toValue } from "./figures";
import type { CompareWith } from "./range";
import type { Step } from "./steps";

/**
 * A point of a drawn line. A null value is a gap. `from`, `to`: its days, both ends inclusive. `tick`: a short label for an
 * axis. `isOpen`: its value can still change by itself, or it is of fewer days than the others.
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

/** A change against the days before, in words. A fall is neither good nor bad. `none`: nothing to compare. */
export type Change = { direction: "up" | "down" | "level" | "none"; text: string };

/** The base of a share or a change that says something. Below it a single one would move it by five points and more. */
const smallestBase = 20;

/** A tenth of a percent, the last digit that is shown. */
const smallestShare = 0.001;

/** Steps of the days shown and of those they are compared with, and the days from which on their values can still change. */
export type Steps = {
  steps: Step[];
  before: Step[] | null;
  openFrom: ReportNumbers["openFrom"];
  /** What the days before are, "previous" without it. */
  compare?: CompareWith;
};

/** The figure as a line over the steps, beside that over the steps before where there are some to compare with. */
export function toLine(locale: Locale, figure: Figure, { steps, before, openFrom, compare = "previous" }: Steps): Line {
  const first = openFrom[figure.kind];
  return {
    key: figure.key,
    label: figure.label,
    says: figure.says,
    isRate: isRate(figure),
    points: toPoints(locale, figure, steps, first),
    before: before && { label: locale.texts.range[compare], points: toPoints(locale, figure, before, first) },
  };
}

function toPoints(locale: Locale, figure: Figure, steps: Step[], openFrom: Day): Point[] {
  return steps.map((step) => ({
    from: step.from,
    to: step.to,
    label: toPointText(locale, figure, step, openFrom),
    tick: step.from === step.to ? locale.formatShortDay(step.to) : locale.formatMonth(step.to),
    value: toValue(figure, step.counts),
    text: toFigureText(locale, figure, step.counts),
    isOpen: step.isPartial || step.to >= openFrom,
  }));
}

/** The days of a step and, where its value can still change, a word that says so. */
function toPointText(locale: Locale, figure: Figure, { from, to }: Step, openFrom: Day): string {
  const { trend } = locale.texts;
  const days = locale.formatDays(from, to);
  if (to < openFrom) return days;
  return figure.kind === "events" ? trend.soFar(days) : trend.stillOpen(days);
}

/** The days of a step; of those that are not over, with a word that says so. */
export function toStepText(locale: Locale, { from, to }: Pick<Step, "from" | "to">, today: Day): string {
  const days = locale.formatDays(from, to);
  return to >= today ? locale.texts.trend.soFar(days) : days;
}

/** A point in words, with the one that it is compared with: a dash would not be read out. */
export function toSpokenText({ texts: { trend } }: Locale, point: Point, before?: Point): string {
  const toValueText = ({ value, text }: Point) => (value === null ? trend.noValue : text);
  const spoken = trend.point(point.label, toValueText(point));
  return before ? trend.pointBefore(spoken, toValueText(before), before.label) : spoken;
}

/** The value as people read it: 1,234 or 12.3%; of few, "1 of 5"; a dash for none. */
export function toFigureText(locale: Locale, figure: Figure, counts: Partial<AllCounts>): string {
  const count = counts[figure.of] ?? 0;
  if (!figure.per) return locale.formatNumber(count);
  const whole = counts[figure.per] ?? 0;
  if (isFew(whole)) return toFewText(locale, count, whole);
  return locale.formatPercent(toValue(figure, counts));
}

/** Whether there are some, but too few for a share of them in percent. */
export function isFew(whole: number): boolean {
  return whole > 0 && whole < smallestBase;
}

/** A share of few: 20% would claim more than 1 of 5 does. */
function toFewText({ texts, formatNumber }: Locale, count: number, whole: number): string {
  return texts.change.few(formatNumber(count), formatNumber(whole));
}

/** A share as people read it: 12.3%, or "1 of 5" where the whole is small; a dash where there is none. */
export function toShareText(locale: Locale, count: number, whole: number): string {
  if (isFew(whole)) return toFewText(locale, count, whole);
  return locale.formatPercent(whole === 0 ? null : count / whole);
}

/**
 * The change of a figure against the days before, of days that are over or, where answers are awaited, of those to which most
 * have come. In percent of a count, in percentage points of a rate. There is none where either base is too small, a count
 * before or what a rate divides by: what was before is said in its place.
 */
export function toChange(locale: Locale, figure: Figure, { compared, ripening }: Compared): Change {
  const { change } = locale.texts;
  const comparison = compared[figure.kind];
  if (!comparison) return { direction: "none", text: toNothingText(locale, figure, { compared, ripening }) };
  const [now, before] = [toCounts(comparison.now), toCounts(comparison.before)];
  const text = toChangeText(locale, figure, now, before);
  const isCut = compared.events !== null && comparison.days < compared.events.days;
  if (!isCut) return text;
  return { ...text, text: change.ofFirst(text.text, comparison.days, locale.formatNumber(comparison.days)) };
}

/** What a change is told by. */
export type Compared = Pick<ReportNumbers, "compared" | "ripening">;

function toNothingText(
  { texts: { change }, formatNumber }: Locale,
  { kind }: Figure,
  { compared, ripening }: Compared,
) {
  if (kind === "events" || compared.events === null) return change.nothing;
  return change.stillOpen(ripening[kind], formatNumber(ripening[kind]));
}

function toChangeText(locale: Locale, figure: Figure, now: AllCounts, before: AllCounts): Change {
  const { change } = locale.texts;
  const bases = figure.per ? [now[figure.per], before[figure.per]] : [before[figure.of]];
  if (bases.some((base) => base < smallestBase)) {
    const isThere = toValue(figure, before) !== null;
    return {
      direction: "none",
      text: isThere ? change.before(toFigureText(locale, figure, before)) : change.noneBefore,
    };
  }
  const difference = (toValue(figure, now) ?? 0) - (toValue(figure, before) ?? 0);
  if (difference === 0) return { direction: "level", text: change.none };
  const size = isRate(figure)
    ? toPointsText(locale, difference)
    : toPercentText(locale, difference / before[figure.of]);
  return difference > 0 ? { direction: "up", text: change.up(size) } : { direction: "down", text: change.down(size) };
}

/** All counts of some days under their names. */
export function toCounts({ totals, cohort }: Sums): AllCounts {
  return { ...totals, ...cohort };
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
