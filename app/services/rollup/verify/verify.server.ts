import { addDays, countDays, type Day, type DayRange } from "../day";
import type { Engine } from "../engine.server";
import { raiseAlert } from "../health/alert.server";
import { drainShops, workConcurrently } from "../jobs/drain.server";
import { isolateShops } from "../jobs/isolate.server";
import type { RunOutcome, RunTrigger } from "../jobs/ledger.server";
import { recordRun } from "../jobs/record-run.server";
import { listInstalledBatches, listRandomShops } from "../jobs/shops.server";
import { isStopRequested } from "../jobs/stop.server";
import type { Tally } from "../jobs/tally.server";
import { addComparisons, allDays, type Comparison, emptyComparison, findDrift, markDrift } from "./compare.server";

const sampleDays = 30;
const sampleLookbackDays = 2 * 365;

/** What a verification found, as its answer tells it and its run keeps it. */
type Findings = {
  /** Active days compared. */
  compared: number;
  /** Days that were wrong, and those that are wrong still after the repair. */
  drifted: number;
  driftedAfter: number;
  alert: boolean;
  before: Comparison["examples"];
  after: Comparison["examples"];
};

export type VerifyResult = RunOutcome & Findings & { runId: string; durationMs: number };

export type VerifyOptions = {
  trigger: RunTrigger;
  today: Day;
  /** Random shops to check, each over a random window of 30 days in the last two years; all shops and days without. */
  sample?: number;
  slot?: string;
};

type Scope = { shopIds: string[]; range: DayRange };

/**
 * Compares stored rows and live counts of installed shops, each shop in one snapshot. Drifted days are marked,
 * recounted and compared again. Before and after stay with the run. Past the thresholds it raises an alert.
 *
 * @returns null when another process runs the same slot of the schedule.
 */
export async function runVerify(engine: Engine, options: VerifyOptions): Promise<VerifyResult | null> {
  let found = emptyComparison();
  let left = emptyComparison();
  let alert = false;
  const run = { kind: "verify", trigger: options.trigger, range: null, slot: options.slot } as const;
  const ended = await recordRun(engine, run, async (_runId, tally) => {
    const scopes = listScopes(engine, options);
    async function work(): Promise<void> {
      for await (const scope of scopes) {
        if (isStopRequested(engine)) throw new Error("The process was told to end before every shop was compared.");
        const before = await compareIsolated(engine, scope, markDrift, tally);
        if (options.sample === undefined) addCompared(tally, scope.shopIds);
        found = addComparisons(found, before);
        if (before.drifted === 0) continue;
        await drainShops(engine, before.driftedShopIds, Number.POSITIVE_INFINITY, tally);
        const again = { shopIds: before.driftedShopIds, range: scope.range };
        const after = await compareIsolated(engine, again, findDrift, tally);
        left = addComparisons(left, after);
      }
    }
    await workConcurrently(engine, work);
    alert = isAlert(engine, found);
    if (alert) await alertDrift(engine, found, left);
    return { report: { sample: options.sample ?? null, ...toFindings(found, left, alert) } };
  });
  return ended && { ...ended, ...toFindings(found, left, alert) };
}

function toFindings(found: Comparison, left: Comparison, alert: boolean): Findings {
  return {
    compared: found.compared,
    drifted: found.drifted,
    driftedAfter: left.drifted,
    alert,
    before: found.examples,
    after: left.examples,
  };
}

/** True when a comparison found more drift than the thresholds allow, in percent or in rows. */
export function isAlert(
  { settings }: Engine,
  { compared, drifted }: Pick<Comparison, "compared" | "drifted">,
): boolean {
  const percent = compared === 0 ? 0 : (100 * drifted) / compared;
  return percent > settings.alertPercent || drifted > settings.alertRecords;
}

async function* listScopes(engine: Engine, { sample, today }: VerifyOptions): AsyncGenerator<Scope> {
  if (sample === undefined) {
    for await (const shopIds of listInstalledBatches(engine, engine.settings.batchShops))
      yield { shopIds, range: allDays };
    return;
  }
  for (const shopId of await listRandomShops(engine, sample)) yield { shopIds: [shopId], range: pickWindow(today) };
}

function pickWindow(today: Day): DayRange {
  const all = { from: addDays(today, 1 - sampleLookbackDays), until: addDays(today, 1) };
  const from = addDays(all.from, Math.floor(Math.random() * (countDays(all) - sampleDays + 1)));
  return { from, until: addDays(from, sampleDays) };
}

/** Those that failed are among the tally's failures as well, which tell more. */
function addCompared(tally: Tally, shopIds: string[]): void {
  for (const shopId of shopIds) tally.comparedShopIds.add(shopId);
}

async function compareIsolated(
  engine: Engine,
  scope: Scope,
  compare: typeof findDrift,
  tally: Tally,
): Promise<Comparison> {
  const isolation = { tally, step: "comparison" } as const;
  const results = await isolateShops(engine, scope.shopIds, isolation, (shopIds) =>
    compare(engine, shopIds, scope.range),
  );
  return results.reduce(addComparisons, emptyComparison());
}

async function alertDrift(engine: Engine, found: Comparison, left: Comparison): Promise<void> {
  const [first] = found.examples;
  const where = first ? ` The first is ${first.date} of shop ${first.shopId}.` : "";
  await raiseAlert(
    engine,
    `Daily analytics: ${found.drifted} of ${found.compared} daily rows had drifted from the source tables; ` +
      `after the repair ${left.drifted} still do.${where}`,
    { compared: found.compared, drifted: found.drifted, driftedAfter: left.drifted },
  );
}
