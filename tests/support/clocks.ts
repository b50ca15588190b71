import { vi } from "vitest";
import { db } from "~/db.server";

export const dayMs = 86_400_000;

/** Sets this process's clock, and with it the embedded database's, by so many days. vi.useRealTimers sets it right. */
export function moveProcessClock(days: number): void {
  // Not by setSystemTime alone: no other date is an instance of the Date that it puts in place, and date-fns asks.
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + days * dayMs, shouldAdvanceTime: true });
}

/** Sets the database's clock by so many days: the same as making all that is timed by it so many days older. */
export async function moveDatabaseClock(days: number): Promise<void> {
  const columns = [
    ["rollup_runs", "started_at"],
    ["rollup_runs", "finished_at"],
    ["rollup_runs", "lease_until"],
    ["rollup_invalidations", "marked_at"],
    ["rollup_shops", "failing_since"],
    ["rollup_troubles", "since"],
  ];
  for (const [table, column] of columns) {
    await db.$executeRawUnsafe(`update ${table} set ${column} = ${column} - make_interval(days => $1::int)`, days);
  }
}
