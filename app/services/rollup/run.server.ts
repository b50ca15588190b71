import { alertFailedShops } from "./alert.server";
import { type Day, type DayRange, toWindow } from "./day";
import { type Deadline, drainMarks, isolateShops, isPast } from "./drain.server";
import { markDrift } from "./drift.server";
import { toErrorMessage } from "./error.server";
import { pingDatabase, settings } from "./host.server";
import { failDeadRuns, keepLease } from "./lease.server";
import {
  closeRun,
  dropOldRuns,
  getLastRun,
  logRun,
  type NewRun,
  openRun,
  type RunOutcome,
  type RunTrigger,
} from "./ledger.server";
import { countMarkedDays } from "./mark.server";
import { recountWindow } from "./recount.server";
import { listInstalledBatches } from "./shop.server";
import { addFailedShops, addRecount, makeTally, type Tally, toRunCounts } from "./tally.server";

const defaultLookbackDays = 1;

/** Shops whose recent days are recounted in one transaction, which holds them for as long. */
const windowShops = 5_000;

export type RollupResult = RunOutcome & { runId: string; window: DayRange; durationMs: number };

type RollupOptions = {
  trigger: RunTrigger;
  today: Day;
  /** Whole days before today that the window reaches back. */
  lookbackDays?: number;
  budgetMs?: number;
  slot?: string;
};

/**
 * Makes the daily rows right: finds the days of the window whose rows differ from the source tables, for whatever
 * reason, and recounts every marked day of every installed shop. Stops at the budget and says what remains. Twice is
 * as good as once, and two at once share the work.
 *
 * @returns null when another process runs the same slot of the schedule.
 * @throws when the run can't be opened in the ledger, that is, when the database is away.
 */
export async function runRollup(options: RollupOptions): Promise<RollupResult | null> {
  const window = toWindow(options.today, options.lookbackDays ?? defaultLookbackDays);
  const deadline = performance.now() + (options.budgetMs ?? settings.budgetMs);
  await Promise.all([failDeadRuns(), dropOldRuns()]);
  const run: NewRun = { kind: "rollup", trigger: options.trigger, range: window, slot: options.slot };
  const ended = await recordRun(run, async () => {
    const tally = makeTally();
    await recountRecentDays(window, deadline, tally);
    await drainMarks(deadline, tally);
    const counts = toRunCounts(tally);
    if (counts.failedShops.length > 0) {
      await alertFailedShops(counts.failedShops, (await getLastRun())?.failedShops ?? []);
    }
    return { outcome: { ...counts, remaining: await countMarkedDays() } };
  });
  return ended && { ...ended, window };
}

type Ended = RunOutcome & { runId: string; durationMs: number };
type Work = () => Promise<{
  outcome: Omit<RunOutcome, "status" | "error">;
  report?: Parameters<typeof closeRun>[3];
}>;

/**
 * Runs `work` as a run of the ledger: opened before, closed and logged after, whatever happens. A failure is the
 * run's outcome, not an exception.
 */
export async function recordRun(run: NewRun, work: Work): Promise<Ended | null> {
  const runId = await openRun(run);
  if (runId === null) return null;
  const startedAt = performance.now();
  let outcome: RunOutcome;
  try {
    outcome = await keepLease(runId, async () => {
      const { outcome: counts, report } = await work();
      const status = counts.failedShops.length > 0 ? "partial" : "ok";
      const closed: RunOutcome = { ...counts, status, error: null };
      const close = () => closeRun(runId, closed, elapsedMs(startedAt), report);
      // Once more, since a connection that is cut while it commits leaves open whether it did. A closed run stays closed.
      await close().catch(close);
      return closed;
    });
  } catch (error) {
    outcome = failedOutcome(toErrorMessage(error));
    // With the database away the row stays "running"; failDeadRuns closes it when its lease has passed.
    await closeRun(runId, outcome, elapsedMs(startedAt)).catch(() => undefined);
  }
  const durationMs = elapsedMs(startedAt);
  logRun({ ...run, runId }, outcome, durationMs);
  return { runId, ...outcome, durationMs };
}

/**
 * Recounts the marked days of the window, and marks the days of it whose rows are wrong although nothing marked them:
 * writes that went round the triggers. Takes half of the time at most, so that a large backlog is drained all the same.
 */
async function recountRecentDays(window: DayRange, runDeadline: Deadline, tally: Tally): Promise<void> {
  const deadline = performance.now() + (runDeadline - performance.now()) / 2;
  // One shop a statement: then they may be in several databases, which no one statement spans.
  if (settings.isSharded) return healInBatches(window, deadline, tally);
  try {
    let isDone = false;
    for (let markDrift = true; !isDone; markDrift = false) {
      const { lockedShops, ...recount } = await recountWindow(window, { maxShops: windowShops, markDrift });
      addRecount(tally, recount);
      isDone = lockedShops < windowShops || isPast(deadline);
    }
  } catch {
    await pingDatabase();
    await healInBatches(window, deadline, tally);
  }
}

/** Marks the days of the window that are wrong, batch by batch, so that a shop whose days can't be counted stops no other. */
async function healInBatches(window: DayRange, deadline: Deadline, tally: Tally): Promise<void> {
  for await (const shopIds of listInstalledBatches(settings.batchShops)) {
    const { failedShops } = await isolateShops(shopIds, (isolated) => markDrift(isolated, window));
    addFailedShops(tally, failedShops);
    if (isPast(deadline)) break;
  }
}

function failedOutcome(error: string): RunOutcome {
  return {
    status: "failed",
    shops: 0,
    days: 0,
    rowsWritten: 0,
    rowsDeleted: 0,
    failedShops: [],
    remaining: null,
    error,
  };
}

function elapsedMs(since: number): number {
  return Math.round(performance.now() - since);
}
