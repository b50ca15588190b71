import { raiseAlert } from "./alert.server";
import { addDays, countDays, type Day, type DayRange } from "./day";
import { drainShops, isolateShops, workAtOnce } from "./drain.server";
import { addComparisons, allDays, type Comparison, emptyComparison, findDrift, markDrift } from "./drift.server";
import { settings } from "./host.server";
import type { RunOutcome, RunTrigger } from "./ledger.server";
import { recordRun } from "./record-run.server";
import { listInstalledBatches, listRandomShops } from "./shop.server";
import { isStopRequested } from "./stop.server";
import type { Tally } from "./tally.server";

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

type VerifyOptions = {
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
export async function runVerify(options: VerifyOptions): Promise<VerifyResult | null> {
  let found = emptyComparison();
  let left = emptyComparison();
  let alert = false;
  const run = { kind: "verify", trigger: options.trigger, range: null, slot: options.slot } as const;
  const ended = await recordRun(run, async (_runId, tally) => {
    const scopes = listScopes(options);
    async function work(): Promise<void> {
      for await (const scope of scopes) {
        if (isStopRequested()) throw new Error("The process was told to end before every shop was compared.");
        const before = await compareIsolated(scope, markDrift, tally);
        if (options.sample === undefined) addCompared(tally, scope.shopIds);
        found = addComparisons(found, before);
        if (before.drifted === 0) continue;
        await drainShops(before.driftedShopIds, Number.POSITIVE_INFINITY, tally);
        const again = { shopIds: before.driftedShopIds, range: scope.range };
        const after = await compareIsolated(again, findDrift, tally);
        left = addComparisons(left, after);
      }
    }
    await workAtOnce(work);
    alert = isAlert(found);
    if (alert) await alertDrift(found, left);
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
export function isAlert({ compared, drifted }: Pick<Comparison, "compared" | "drifted">): boolean {
  const percent = compared === 0 ? 0 : (100 * drifted) / compared;
  return percent > settings.alertPercent || drifted > settings.alertRecords;
}

async function* listScopes({ sample, today }: VerifyOptions): AsyncGenerator<Scope> {
  if (sample === undefined) {
    for await (const shopIds of listInstalledBatches(settings.batchShops)) yield { shopIds, range: allDays };
    return;
  }
  for (const shopId of await listRandomShops(sample)) yield { shopIds: [shopId], range: pickWindow(today) };
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

async function compareIsolated(scope: Scope, compare: typeof findDrift, tally: Tally): Promise<Comparison> {
  const isolation = { tally, step: "comparison" } as const;
  const results = await isolateShops(scope.shopIds, isolation, (shopIds) => compare(shopIds, scope.range));
  return results.reduce(addComparisons, emptyComparison());
}

async function alertDrift(found: Comparison, left: Comparison): Promise<void> {
  const [first] = found.examples;
  const where = first ? ` The first is ${first.date} of shop ${first.shopId}.` : "";
  await raiseAlert(
    `Daily analytics: ${found.drifted} of ${found.compared} daily rows had drifted from the source tables; ` +
      `after the repair ${left.drifted} still do.${where}`,
    { compared: found.compared, drifted: found.drifted, driftedAfter: left.drifted },
  );
}
