import { scaleLog, scaleUtc } from "@visx/scale";
import type { RunKind } from "~/services/rollup/jobs/ledger.server";
import { formatDuration } from "./format";
import type { LedgerEntry } from "./jobs.server";

/** A run in the drawing: its place in percent of the box, from the left and from the top. */
type Point = { runId: string; kind: RunKind; x: number; y: number };

type Tick = { at: number; text: string };

/** How long runs took, by when they began. Null where there are not two to compare. */
export type DurationChart = { points: Point[]; xTicks: Tick[]; yTicks: Tick[] } | null;

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Where the axis may have its lines: each a few times the one before. */
const stepsMs = [
  ...[1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000],
  ...[1, 3, 10, 30].map((minutes) => minutes * minuteMs),
  ...[1, 3, 10, 30, 100, 300].map((hours) => hours * hourMs),
];

/**
 * The drawing of the runs' durations, made here so that no scale is among the browser's files. Durations go from milliseconds to
 * hours, so each step of the axis is a multiple of the one before.
 */
export function toDurationChart(runs: LedgerEntry[]): DurationChart {
  const ended = runs.flatMap(({ runId, kind, startedAt, durationMs }) =>
    durationMs === null ? [] : [{ runId, kind, at: Date.parse(startedAt), ms: Math.max(1, durationMs) }],
  );
  if (ended.length < 2) return null;
  const [times, durations] = [ended.map(({ at }) => at), ended.map(({ ms }) => ms)];
  const steps = toSteps(Math.min(...durations), Math.max(...durations));
  const x = scaleUtc<number>({ domain: [Math.min(...times), Math.max(...times)], range: [0, 100] });
  const y = scaleLog<number>({ domain: [steps.at(0) ?? 1, steps.at(-1) ?? 10], range: [100, 0] });
  return {
    points: ended.map(({ runId, kind, at, ms }) => ({ runId, kind, x: round(x(at)), y: round(y(ms)) })),
    xTicks: x.ticks(4).map((date) => ({ at: round(x(date)), text: toTimeText(date, x.domain()) })),
    yTicks: steps.map((ms) => ({ at: round(y(ms)), text: formatDuration(ms).replace(".0", "") })),
  };
}

/** The steps that hold all durations between them. */
function toSteps(shortest: number, longest: number): number[] {
  const last = stepsMs.length - 1;
  const above = stepsMs.findIndex((step) => step > longest);
  const below = stepsMs.findLastIndex((step) => step <= shortest);
  const from = Math.max(0, below);
  return stepsMs.slice(from, Math.max(from + 1, above < 0 ? last : above) + 1);
}

function toTimeText(date: Date, domain: Date[]): string {
  const [first = date, last = date] = domain;
  const text = date.toISOString();
  if (last.getTime() - first.getTime() < 10 * minuteMs) return text.slice(11, 19);
  if (first.toISOString().slice(0, 10) === last.toISOString().slice(0, 10)) return text.slice(11, 16);
  return text.slice(11, 16) === "00:00" ? text.slice(5, 10) : `${text.slice(5, 10)} ${text.slice(11, 16)}`;
}

function round(place: number): number {
  return Math.round(place * 100) / 100;
}
