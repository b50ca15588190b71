import { z } from "zod";
import type { Day, DayRange } from "../day";
import { type Engine, perEngine, type Statements } from "../engine.server";
import { queryRow, queryRows } from "../query.server";
import { lastEnd } from "./last-run";

const sweepKindSchema = z.enum(["rebuild", "seal"]);
export const kindSchema = z.enum(["rollup", "verify", ...sweepKindSchema.options]);
const triggerSchema = z.enum(["cron", "operator", "schedule"]);
export const statusSchema = z.enum(["running", "ok", "partial", "failed", "cancelled"]);
const failedShopSchema = z.object({ shopId: z.string(), error: z.string() });
const daySchema = z.string().transform((day) => day as Day);

export type RunKind = z.infer<typeof kindSchema>;
/**
 * A sweep goes through the shops step by step, for as long as that takes: its progress can be asked for, it can be
 * cancelled, and another process goes on where one has ended.
 */
export type SweepKind = z.infer<typeof sweepKindSchema>;
export type RunTrigger = z.infer<typeof triggerSchema>;
export type RunStatus = z.infer<typeof statusSchema>;
export type FailedShop = z.infer<typeof failedShopSchema>;
/** A step that failed with this error so many times, and was done another way. */
export type Fallback = { step: string; error: string; count: number };

const countsSchema = z.object({
  shops: z.number(),
  days: z.number(),
  rowsWritten: z.number(),
  rowsDeleted: z.number(),
  failedShops: z.array(failedShopSchema),
});

/** What was recounted: shops and days, and the daily rows written or deleted for it. */
export type RunCounts = z.infer<typeof countsSchema> & {
  fallbacks: Fallback[];
  /** Sealed days that something has changed the source rows of: their marks were dropped. The first of them in `dropped`. */
  droppedDays: number;
  dropped: SealedDay[];
};

/** A sealed day of a shop. */
export type SealedDay = { shopId: string; date: string };

/** What a run did, as the ledger and the answers tell it. `remaining` is in marked days of installed shops. */
export type RunOutcome = RunCounts & {
  status: Exclude<RunStatus, "running">;
  remaining: number | null;
  error: string | null;
};

export type NewRun = {
  kind: RunKind;
  trigger: RunTrigger;
  range: DayRange | null;
  /** A seal's: all days before this one. */
  before?: Day | undefined;
  shopId?: string | undefined;
  dryRun?: boolean | undefined;
  unseal?: boolean | undefined;
  total?: number;
  /** Names one tick of the schedule: only one run can have it. */
  slot?: string | undefined;
};

export const runSchema = countsSchema.extend({
  id: z.string(),
  kind: kindSchema,
  trigger: triggerSchema,
  status: statusSchema,
  shopId: z.string().nullable(),
  fromDate: daySchema.nullable(),
  /** Inclusive. */
  toDate: daySchema.nullable(),
  dryRun: z.boolean(),
  unseal: z.boolean(),
  done: z.number(),
  total: z.number().nullable(),
  cursor: z.string().nullable(),
  healCursor: z.string().nullable(),
  slot: z.string().nullable(),
  remaining: z.number().nullable(),
  report: z.record(z.string(), z.unknown()).nullable(),
  error: z.string().nullable(),
  startedAt: z.date(),
  finishedAt: z.date().nullable(),
  durationMs: z.number().nullable(),
  pausedMs: z.number(),
  leaseUntil: z.date().nullable(),
  leaseOwner: z.string().nullable(),
});

/** True for the kinds that are sweeps. */
export function isSweep(kind: RunKind): kind is SweepKind {
  return sweepKindSchema.safeParse(kind).success;
}

const toSqlList = (kinds: RunKind[]) => `(${kinds.map((kind) => `'${kind}'`).join(", ")})`;

/** The kinds that are sweeps, and all kinds, as SQL lists. */
export const sweepKinds = toSqlList(sweepKindSchema.options);
export const runKinds = toSqlList(kindSchema.options);

/** A row of the ledger. */
export type RunRow = z.infer<typeof runSchema>;

/** The row of a run, or null. */
export async function getRun(engine: Engine, runId: string, client?: Statements): Promise<RunRow | null> {
  const statement = `${selectRuns(engine)} where r.id = :runId::text`;
  const [run] = await queryRows(engine, runSchema, statement, { runId }, client);
  return run ?? null;
}

/** Selects runs, the rows `r` of the ledger. */
export const selectRuns = perEngine(
  ({ names }) => `
select
  r.id,
  r.kind,
  r.trigger,
  r.status,
  r.shop_id::text as "shopId",
  to_char(r.from_date, 'YYYY-MM-DD') as "fromDate",
  to_char(r.to_date, 'YYYY-MM-DD') as "toDate",
  r.dry_run as "dryRun",
  r.unseal,
  r.done,
  r.total,
  r.cursor,
  r.heal_cursor as "healCursor",
  r.slot,
  r.shops,
  r.days,
  r.rows_written as "rowsWritten",
  r.rows_deleted as "rowsDeleted",
  r.failed_shops as "failedShops",
  r.remaining,
  r.report,
  r.error,
  r.started_at as "startedAt",
  r.finished_at as "finishedAt",
  r.duration_ms as "durationMs",
  r.paused_ms as "pausedMs",
  r.lease_until as "leaseUntil",
  r.lease_owner as "leaseOwner"
from ${names.runs} r`,
);

const lastRunsSchema = z.object({
  /** Ends of the last rollup run and the last verification that did their work, a failing shop aside; null before the first. */
  rollupAt: z.date().nullable(),
  verifyAt: z.date().nullable(),
  /** When the first rollup run that the ledger knows began. */
  firstAt: z.date().nullable(),
});

/** The instants that the health check judges runs by. */
export type LastRuns = z.infer<typeof lastRunsSchema>;

/** When runs last did their work. */
export function getLastRuns(engine: Engine, client?: Statements): Promise<LastRuns> {
  return queryRow(engine, lastRunsSchema, selectLastRuns(engine), {}, client);
}

const selectLastRuns = perEngine(
  (engine) => `
select
  ${lastEnd(engine, "rollup")} as "rollupAt",
  ${lastEnd(engine, "verify")} as "verifyAt",
  (
    select r.started_at from ${engine.names.runs} r where r.kind = 'rollup' order by r.started_at limit 1
  ) as "firstAt"`,
);
