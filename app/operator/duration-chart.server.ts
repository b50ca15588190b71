import { scaleLog, scaleUtc } from "@visx/scale";
import type { RunKind } from "~/services/rollup/jobs/ledger.server";
import { formatDuration } from "./format";
import type { LedgerEntry } from "./jobs.server";

/** A run in the drawing: its place in percent of the box, from the left and from the top. */
type Point = { runId: string; kind: RunKind; x: number; y: number };

type Tick = { at: number; text: string };

/** How long runs took, by when they began. Null where there are not two to compare. */
export type DurationChart = { points: Point[]; xTicks: Tick[]; yTicks: Tick[] } | null;

const decadesMs = [1, 10, 100, 1_000, 10_000, 60_000, 600_000, 3_600_000, 36_000_000, 360_000_000];

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
  const last = decadesMs.length - 1;
  const above = decadesMs.findIndex((step) => step > longest);
  const below = decadesMs.findLastIndex((step) => step <= shortest);
  const from = Math.max(0, below);
  return decadesMs.slice(from, Math.max(from + 1, above < 0 ? last : above) + 1);
}

function toTimeText(date: Date, domain: Date[]): string {
  const [first, last] = domain.map((each) => each.toISOString().slice(0, 10));
  const text = date.toISOString();
  if (first === last) return text.slice(11, 16);
  return text.slice(11, 16) === "00:00" ? text.slice(5, 10) : `${text.slice(5, 10)} ${text.slice(11, 16)}`;
}

function round(place: number): number {
  return Math.round(place * 100) / 100;
}
