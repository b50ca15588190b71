import { toErrorMessage } from "./error.server";
import { log, pingLimitMs, readClock, settings } from "./host.server";
import { type FailedShop, getLastRun } from "./ledger.server";
import { getOldestMark } from "./mark.server";
import { waitAtMost } from "./time-limit.server";

type Check = { ok: boolean };

export type Health = {
  ok: boolean;
  database: Check;
  /** A rollup run ended lately. Before the first run it is the marks' age that tells. */
  lastRun: Check & { at: string | null; maxAgeMinutes: number };
  /** No marked day has waited long for its recount. */
  oldestMark: Check & { at: string | null; maxAgeMinutes: number };
  failedShops: FailedShop[];
};

/** Whether the rollup does its work. Never rejects: a database that is away is an answer. */
export async function checkHealth(): Promise<Health> {
  const { maxRunAgeMinutes, maxMarkAgeMinutes } = settings;
  try {
    const reads = Promise.all([getLastRun(), getOldestMark(), readClock()]);
    const [last, oldestMark, now] = await waitAtMost(pingLimitMs, reads);
    const lastRunEnd = last?.finishedAt ?? null;
    const lastRun = { ok: isYoung(lastRunEnd, maxRunAgeMinutes, now), at: lastRunEnd?.toISOString() ?? null };
    const mark = { ok: isYoung(oldestMark && new Date(oldestMark), maxMarkAgeMinutes, now), at: oldestMark };
    return {
      ok: lastRun.ok && mark.ok,
      database: { ok: true },
      lastRun: { ...lastRun, maxAgeMinutes: maxRunAgeMinutes },
      oldestMark: { ...mark, maxAgeMinutes: maxMarkAgeMinutes },
      failedShops: last?.failedShops ?? [],
    };
  } catch (error) {
    // The reason is for the log: anyone may ask for this page.
    log.error({ error: toErrorMessage(error) }, "the health check could not read the database");
    return {
      ok: false,
      database: { ok: false },
      lastRun: { ok: false, at: null, maxAgeMinutes: maxRunAgeMinutes },
      oldestMark: { ok: false, at: null, maxAgeMinutes: maxMarkAgeMinutes },
      failedShops: [],
    };
  }
}

function isYoung(instant: Date | null | "", maxAgeMinutes: number, now: Date): boolean {
  return !instant || now.getTime() - instant.getTime() <= maxAgeMinutes * 60_000;
}
