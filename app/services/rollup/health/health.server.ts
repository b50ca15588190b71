import type { Engine } from "../engine.server";
import type { RunKind } from "../jobs/ledger.server";
import type { FailingShop } from "./failing-shop-list.server";
import { type Look, shareLook, takeLook } from "./look.server";
import { notice, type Reasons } from "./notice.server";

/** `since` is when the trouble began: null where all is well, and where nothing can be known of it. */
type Check = { ok: boolean; since: string | null };
type AgeCheck = Check & { at: string | null; maxAgeMinutes: number };

/** What anyone may know: numbers and instants. */
export type Health = {
  ok: boolean;
  /** It answers, and this process may write what a run writes. */
  database: Check & { reachable: boolean; writable: boolean };
  /** A rollup run ended lately, and the last one did its work. Before the first run it is the marks' age that tells. */
  lastRun: AgeCheck;
  /** The same of verifications. Before the first one it is the age of the first run that tells. */
  lastVerification: AgeCheck;
  /** No marked day has waited long for its recount. */
  oldestMark: AgeCheck;
  /** Their days are counted live and the other shops are not kept waiting, so they are no trouble of the whole. */
  failingShops: { count: number | null; since: string | null };
  /** Where one is configured: it answers, and `asOf`, the instant that its reads are exact as of, is young enough. */
  replica?: Check & { reachable: boolean; asOf: string | null; lagSeconds: number | null; maxLagSeconds: number };
};

/** And what an operator may: why each check is not ok, and which shops are failing. */
export type HealthInDetail = Health & {
  reasons: Reasons;
  failingShops: Health["failingShops"] & { shops: FailingShop[] };
};

/** Whether the rollup does its work, for anyone: of the last second, and without ids or reasons. Never rejects. */
export async function checkHealth(engine: Engine): Promise<Health> {
  const { reasons: _reasons, failingShops, ...health } = judge(engine, await shareLook(engine));
  return { ...health, failingShops: { count: failingShops.count, since: failingShops.since } };
}

/** The same of now, with ids and reasons. */
export async function checkHealthInDetail(engine: Engine): Promise<HealthInDetail> {
  return judge(engine, await takeLook(engine));
}

function judge(engine: Engine, look: Look): HealthInDetail {
  const reasons: Reasons = {};
  const checks = {
    database: judgeDatabase(engine, look, reasons),
    lastRun: judgeRuns(engine, look, "rollup", reasons),
    lastVerification: judgeRuns(engine, look, "verify", reasons),
    oldestMark: judgeMark(engine, look, reasons),
  };
  const replica = judgeReplica(engine, look, reasons);
  const { count = null, since = null, shops = [] } = look.ledger.value?.failing ?? {};
  return {
    ok: [...Object.values(checks), ...(replica ? [replica] : [])].every(({ ok }) => ok),
    ...checks,
    failingShops: { count, since: toIso(since), shops },
    ...(replica && { replica }),
    reasons,
  };
}

function judgeDatabase(engine: Engine, { state, ledger }: Look, reasons: Reasons): Health["database"] {
  const reason = state.error ?? state.value.obstacle ?? ledger.error;
  const isWritable = state.error === null && state.value.obstacle === null;
  return {
    ok: reason === null,
    since: toIso(notice(engine, "database", reason, reasons)),
    reachable: state.error === null,
    writable: isWritable,
  };
}

function judgeRuns(engine: Engine, { state, ledger }: Look, kind: RunKind, reasons: Reasons): AgeCheck {
  const { maxRunAgeMinutes, maxVerifyAgeMinutes } = engine.settings;
  const name = kind === "rollup" ? "lastRun" : "lastVerification";
  const maxAgeMinutes = kind === "rollup" ? maxRunAgeMinutes : maxVerifyAgeMinutes;
  if (!state.value || !ledger.value) return { ok: false, since: null, at: null, maxAgeMinutes };
  const { runs, troubles } = ledger.value;
  const at = kind === "rollup" ? runs.rollupAt : runs.verifyAt;
  const trouble = troubles.find((each) => each.kind === kind);
  const oldSince = tooOldSince(kind === "rollup" ? at : (at ?? runs.firstAt), maxAgeMinutes, state.value.now);
  const reason = trouble?.reason ?? (oldSince && "None has done its work for too long.");
  notice(engine, name, reason, reasons);
  const since = [oldSince, trouble?.since].filter((instant) => instant != null);
  return {
    ok: since.length === 0,
    since: toIso([...since].sort((a, b) => a.getTime() - b.getTime())[0]),
    at: toIso(at),
    maxAgeMinutes,
  };
}

function judgeMark(engine: Engine, { state, oldestMark }: Look, reasons: Reasons): AgeCheck {
  const { maxMarkAgeMinutes: maxAgeMinutes } = engine.settings;
  if (!state.value) return { ok: false, since: null, at: null, maxAgeMinutes };
  const oldSince = tooOldSince(oldestMark.value, maxAgeMinutes, state.value.now);
  const noticed = notice(
    engine,
    "oldestMark",
    oldestMark.error ?? (oldSince && "A marked day has waited too long."),
    reasons,
  );
  return {
    ok: noticed === null,
    since: toIso(oldSince ?? noticed),
    at: toIso(oldestMark.value),
    maxAgeMinutes,
  };
}

function judgeReplica(engine: Engine, { state, replica }: Look, reasons: Reasons): Health["replica"] {
  if (!replica) return undefined;
  const { maxReplicaLagSeconds: maxLagSeconds } = engine.settings;
  const asOf = replica.value;
  const now = state.value?.now;
  // The position was read at another moment than the clock.
  const lagMs = asOf && now ? Math.max(0, now.getTime() - Date.parse(asOf)) : null;
  const lagSeconds = lagMs === null ? null : Math.round(lagMs / 1000);
  const ok = lagSeconds !== null && lagSeconds <= maxLagSeconds;
  const reason = ok ? null : (replica.error ?? "It is too far behind, or does not know how far.");
  return {
    ok,
    since: toIso(notice(engine, "replica", reason, reasons)),
    reachable: replica.error === null,
    asOf,
    lagSeconds,
    maxLagSeconds,
  };
}

function tooOldSince(instant: Date | null, maxAgeMinutes: number, now: Date): Date | null {
  const oldAt = instant && new Date(instant.getTime() + maxAgeMinutes * 60_000);
  return oldAt && oldAt < now ? oldAt : null;
}

function toIso(instant: Date | null | undefined): string | null {
  return instant?.toISOString() ?? null;
}
