import { toErrorMessage } from "./error.server";
import { log, pingLimitMs, readClock, replicaDb, settings } from "./host.server";
import { type FailedShop, getLastRun } from "./ledger.server";
import { getOldestMark } from "./mark.server";
import { getReplicaPosition } from "./replica.server";
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
  /** Where one is configured: it answers, and `asOf`, the instant that its reads are exact as of, is young enough. */
  replica?: Check & { reachable: boolean; asOf: string | null; lagSeconds: number | null; maxLagSeconds: number };
};

/** Whether the rollup does its work. Never rejects: a database that is away is an answer. */
export async function checkHealth(): Promise<Health> {
  const [health, replica] = await Promise.all([checkPrimary(), checkReplica()]);
  return replica ? { ...health, ok: health.ok && replica.ok, replica } : health;
}

async function checkPrimary(): Promise<Health> {
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

async function checkReplica(): Promise<Health["replica"]> {
  if (!replicaDb) return undefined;
  const { maxReplicaLagSeconds: maxLagSeconds } = settings;
  try {
    const [asOf, now] = await waitAtMost(pingLimitMs, Promise.all([getReplicaPosition(replicaDb), readClock()]));
    // The position was read at another moment than the clock.
    const lagSeconds = asOf === null ? null : Math.max(0, Math.round((now.getTime() - Date.parse(asOf)) / 1000));
    const ok = lagSeconds !== null && lagSeconds <= maxLagSeconds;
    return { ok, reachable: true, asOf, lagSeconds, maxLagSeconds };
  } catch (error) {
    log.error({ error: toErrorMessage(error) }, "the health check could not read the replica");
    return { ok: false, reachable: false, asOf: null, lagSeconds: null, maxLagSeconds };
  }
}

function isYoung(instant: Date | null | "", maxAgeMinutes: number, now: Date): boolean {
  return !instant || now.getTime() - instant.getTime() <= maxAgeMinutes * 60_000;
}
