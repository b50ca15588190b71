import type { Day, DayRange } from "./day";
import type { Definition } from "./definition/rollup";
import { compareDefinition, type DefinitionState } from "./definition/state.server";
import { type Engine, type Host, makeEngine, type Statements } from "./engine.server";
import { eraseShop } from "./erase.server";
import { raiseAlert } from "./health/alert.server";
import { checkHealth, checkHealthInDetail, type Health, type HealthInDetail } from "./health/health.server";
import { readStatus, type Status } from "./health/status.server";
import { getRun, type RunRow } from "./jobs/ledger.server";
import { settle, start, stop } from "./jobs/lifecycle.server";
import {
  cancelRebuild,
  getRebuild,
  type RebuildProgress,
  type RebuildRefusal,
  type RebuildRequest,
  resumeRebuild,
  startRebuild,
} from "./jobs/rebuild.server";
import { type RollupOptions, type RollupResult, runRollup } from "./jobs/run.server";
import { listRuns, type RunFilter } from "./jobs/run-list.server";
import { cancelSeal, getSeal, type SealRefusal, type SealRequest, startSeal } from "./jobs/seal.server";
import type { SealProgress } from "./jobs/seal-progress";
import { isShop } from "./jobs/shops.server";
import { getStopSignal } from "./jobs/stop.server";
import type { NotCancelled } from "./jobs/sweep.server";
import { markRange } from "./marks/mark-range.server";
import { readFirstDay } from "./read/first-day.server";
import {
  type Beside,
  type FilterChoice,
  type Freshness,
  type RangeCounts,
  type RangeSums,
  readRange,
  readRangeWith,
  readTotals,
} from "./read/read.server";
import { countSeals, listSeals, type SealListPart, type SealRow, type SealTotals } from "./seal/seal-list.server";
import { runVerify, type VerifyOptions, type VerifyResult } from "./verify/verify.server";

export { count, countDistinct, defineRollup, sum } from "./definition/rollup";
export type { Host } from "./engine.server";
export { getRunId } from "./jobs/run-context.server";
export type { Observer } from "./observer.server";

/** A rollup at work in an app: what its pages read, what its jobs call, and what its start and its end call. */
export type Rollup<MetricName extends string = string, CohortName extends string = string> = {
  definition: Definition;
  /** For tests and tools that look inside. */
  engine: Engine;

  /** Totals, cohort, dense series and freshness of one shop: exact in one instant. A filter narrows them, counted live. */
  readRange(
    shopId: string,
    range: DayRange,
    filter?: FilterChoice | null,
  ): Promise<RangeCounts<MetricName, CohortName> & { freshness: Freshness }>;
  /** The same with further ranges and more of the same instant. */
  readRangeWith<RangeName extends string, Value>(
    shopId: string,
    range: DayRange,
    beside: Beside<RangeName, Value>,
  ): Promise<
    RangeCounts<MetricName, CohortName> & {
      freshness: Freshness;
      beside: Record<RangeName, RangeCounts<MetricName, CohortName>>;
      extras: Value;
    }
  >;
  /** The first day that has a record, or null where there is none. */
  readFirstDay(shopId: string): Promise<Day | null>;
  /** The sums and their freshness, without the days. */
  readTotals(shopId: string, range: DayRange, filter?: FilterChoice | null): Promise<RangeSums<MetricName, CohortName>>;

  /** Makes the daily rows right. Null: another process runs the same slot of the schedule. */
  run(options: RollupOptions): Promise<RollupResult | null>;
  /** Compares stored rows and live counts, repairs, and alerts. Null as above. */
  verify(options: VerifyOptions): Promise<VerifyResult | null>;
  /** Opens a rebuild and works on it. Answers with its id, or with what stands in its way. */
  startRebuild(request: RebuildRequest): Promise<string | RebuildRefusal>;
  getRebuild(runId: string): Promise<RebuildProgress | null>;
  cancelRebuild(runId: string): Promise<RebuildProgress | null>;
  /** Goes on with a cancelled rebuild after the last shop that it did. */
  resumeRebuild(runId: string): Promise<RebuildProgress | RebuildRefusal | NotCancelled | null>;
  /** Opens a seal and works on it: its days stay as stored, whatever becomes of their source rows. Answers in the same way. */
  startSeal(request: SealRequest): Promise<string | SealRefusal>;
  getSeal(runId: string): Promise<SealProgress | null>;
  cancelSeal(runId: string): Promise<SealProgress | null>;
  /** Shops that have sealed days, in the order of their ids. */
  listSeals(part: SealListPart): Promise<SealRow[]>;
  countSeals(): Promise<SealTotals>;
  /** Marks each open day of the range, of one shop or of all: the next runs recount it. Returns the number of days. */
  markRange(range: DayRange, shopId?: string): Promise<number>;
  /** True when there is such a shop, installed or not. */
  isShop(shopId: string): Promise<boolean>;

  /** Whether the rollup does its work, for anyone, and with ids and reasons. Neither rejects. */
  checkHealth(): Promise<Health>;
  checkHealthInDetail(): Promise<HealthInDetail>;
  /** What an operator looks at first: health, definition and all shops together. Does not reject. */
  readStatus(): Promise<Status>;
  /** The latest runs of the ledger first, and one of them. */
  listRuns(limit: number, filter?: RunFilter): Promise<RunRow[]>;
  getRun(runId: string): Promise<RunRow | null>;
  /** How this definition stands to the one in the database. */
  compareDefinition(): Promise<DefinitionState>;
  /** Erases what is kept of a shop whose row the transaction has deleted. */
  eraseShop(tx: Statements, shopId: string): Promise<void>;
  raiseAlert(text: string, details: Record<string, unknown>, level?: "error" | "info"): Promise<void>;

  /**
   * Turns the schedule on and continues rebuilds and seals that were cut off. Can be called again. Returns what stops and settles it;
   * SIGTERM and SIGINT do so, too, and end a process that has no handler of its own.
   */
  start(): () => Promise<void>;
  /** Begins no new work; what is at work stops after its batch. */
  stop(): void;
  /** Resolves when nothing is at work any more. */
  settle(): Promise<void>;
  /** Aborted from `stop` to the next `start`. */
  readonly stopSignal: AbortSignal;
};

/**
 * Puts a definition to work in a host. Nothing happens before one of its methods is called. Several can live in one
 * process and, with a prefix each, in one database.
 */
export function createRollup<
  const Metrics extends Definition["metrics"],
  const CohortMetrics extends Definition["metrics"] = Record<never, never>,
>(
  definition: Definition & { metrics: Metrics; cohortMetrics?: CohortMetrics },
  host: Host,
): Rollup<keyof Metrics & string, keyof CohortMetrics & string> {
  const engine = makeEngine(definition, host);
  const rollup: Rollup = {
    definition,
    engine,
    readRange: (shopId, range, filter) => readRange(engine, shopId, range, filter),
    readRangeWith: (shopId, range, beside) => readRangeWith(engine, shopId, range, beside),
    readFirstDay: (shopId) => readFirstDay(engine, shopId),
    readTotals: (shopId, range, filter) => readTotals(engine, shopId, range, filter),
    run: (options) => runRollup(engine, options),
    verify: (options) => runVerify(engine, options),
    startRebuild: (request) => startRebuild(engine, request),
    getRebuild: (runId) => getRebuild(engine, runId),
    cancelRebuild: (runId) => cancelRebuild(engine, runId),
    resumeRebuild: (runId) => resumeRebuild(engine, runId),
    startSeal: (request) => startSeal(engine, request),
    getSeal: (runId) => getSeal(engine, runId),
    cancelSeal: (runId) => cancelSeal(engine, runId),
    listSeals: (part) => listSeals(engine, part),
    countSeals: () => countSeals(engine),
    markRange: (range, shopId) => markRange(engine, range, shopId),
    isShop: (shopId) => isShop(engine, shopId),
    checkHealth: () => checkHealth(engine),
    checkHealthInDetail: () => checkHealthInDetail(engine),
    readStatus: () => readStatus(engine),
    listRuns: (limit, filter) => listRuns(engine, limit, filter),
    getRun: (runId) => getRun(engine, runId),
    compareDefinition: () => compareDefinition(engine),
    eraseShop: (tx, shopId) => eraseShop(engine, tx, shopId),
    raiseAlert: (text, details, level) => raiseAlert(engine, text, details, level),
    start: () => start(engine),
    stop: () => stop(engine),
    settle: () => settle(engine),
    get stopSignal() {
      return getStopSignal(engine);
    },
  };
  // The rows of a read have the definition's metrics, which its schema checks.
  return rollup as Rollup<keyof Metrics & string, keyof CohortMetrics & string>;
}
