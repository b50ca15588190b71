import type { RunRow } from "./ledger.server";

/** How long a sweep will take still, by what it has done until `now`: null before the first shop and after the last. */
export function toEtaMs({ status, done, total, startedAt }: RunRow, now: Date): number | null {
  const all = total ?? 0;
  if (status !== "running" || done === 0 || done >= all) return null;
  const elapsedMs = Math.max(0, now.getTime() - startedAt.getTime());
  return Math.round((elapsedMs / done) * (all - done));
}
