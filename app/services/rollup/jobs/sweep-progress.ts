import type { RunRow } from "./ledger.server";

type Sweep = Pick<RunRow, "status" | "done" | "total" | "startedAt" | "pausedMs">;

/** Milliseconds that a sweep has worked until `now`: since its start, without the time that it stood cancelled. */
export function toWorkedMs({ startedAt, pausedMs }: Pick<Sweep, "startedAt" | "pausedMs">, now: Date): number {
  return Math.max(0, now.getTime() - startedAt.getTime() - pausedMs);
}

/** How long a sweep will take still, by what it has done until `now`: null before the first shop and after the last. */
export function toEtaMs(sweep: Sweep, now: Date): number | null {
  const { status, done, total } = sweep;
  const all = total ?? 0;
  if (status !== "running" || done === 0 || done >= all) return null;
  return Math.round((toWorkedMs(sweep, now) / done) * (all - done));
}
