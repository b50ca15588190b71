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
import { tell } from "../observer.server";
import { type Scope, type Sealed, toOpenScopes } from "../seal/sealed";
import { isIntact, listSealed, readSeals } from "../seal/seals.server";
import { addComparisons, allDays, type Comparison, emptyComparison, findDrift, markDrift } from "./compare.server";

const sampleDays = 30;
const sampleLookbackDays = 2 * 365;
const maxBrokenSeals = 1_000;

/** What a verification found, as its answer tells it and its run keeps it. */
type Findings = {
  /** Active days compared. */
  compared: number;
  /** Days that were wrong, and those that are wrong still after the repair. */
  drifted: number;
  driftedAfter: number;
  /** Sealed days, whose checksum was compared, and the shops of which it differs: no recount can repair that. */
  sealedDays: number;
  brokenSeals: BrokenSeal[];
  alert: boolean;
  before: Comparison["examples"];
  after: Comparison["examples"];
};

/** A shop whose sealed rows are not as they were sealed: how many they were, and how many they are. */
export type BrokenSeal = { shopId: string; sealedUntil: Day; sealedRows: number; rows: number };

export type VerifyResult = RunOutcome & Findings & { runId: string; durationMs: number };

export type VerifyOptions = {
  trigger: RunTrigger;
  today: Day;
  /** Random shops to check, each over a random window of 30 days in the last two years; all shops and days without. */
  sample?: number | undefined;
  slot?: string | undefined;
};

/**
 * Compares stored rows and live counts of installed shops, each shop in one snapshot, and sealed rows with their checksum.
 * Drifted days are marked, recounted and compared again. Before and after stay with the run. Past the thresholds it raises an alert.
 *
 * @returns null when another process runs the same slot of the schedule.
 */
export async function runVerify(engine: Engine, options: VerifyOptions): Promise<VerifyResult | null> {
  let found = emptyComparison();
  let left = emptyComparison();
  const seals: SealCheck = { sealedDays: 0, brokenSeals: [] };
  let alert = false;
  const run = { kind: "verify", trigger: options.trigger, range: null, slot: options.slot } as const;
  const ended = await recordRun(engine, run, async (_runId, tally) => {
    const scopes = listScopes(engine, options);
    async function work(): Promise<void> {
      for await (const scope of scopes) {
        if (isStopRequested(engine)) throw new Error("The process was told to end before every shop was compared.");
        const sealed = await checkSeals(engine, scope.shopIds, seals);
        const compareOpen = (part: Scope, compare: typeof findDrift) =>
          compareIsolated(engine, toOpenScopes(sealed, part.shopIds, part.range), compare, tally);
        const before = await compareOpen(scope, markDrift);
        if (options.sample === undefined) addCompared(tally, scope.shopIds);
        found = addComparisons(found, before);
        if (before.drifted === 0) continue;
        await drainShops(engine, before.driftedShopIds, Number.POSITIVE_INFINITY, tally);
        const again = { shopIds: before.driftedShopIds, range: scope.range };
        const after = await compareOpen(again, findDrift);
        left = addComparisons(left, after);
      }
    }
    await workConcurrently(engine, work);
    const { compared, drifted } = found;
    tell(engine, "verified", { compared, drifted, driftedAfter: left.drifted, brokenSeals: seals.brokenSeals.length });
    const isDrift = isAlert(engine, found);
    if (isDrift) await alertDrift(engine, found, left);
    if (seals.brokenSeals.length > 0) await alertBrokenSeals(engine, seals.brokenSeals);
    alert = isDrift || seals.brokenSeals.length > 0;
    return { report: { sample: options.sample ?? null, ...toFindings(found, left, seals, alert) } };
  });
  return ended && { ...ended, ...toFindings(found, left, seals, alert) };
}

type SealCheck = Pick<Findings, "sealedDays" | "brokenSeals">;

/** Compares the sealed rows of these shops with their checksums, and adds what it finds. Returns up to where they are sealed. */
async function checkSeals(engine: Engine, shopIds: string[], check: SealCheck): Promise<Sealed> {
  const untils: Sealed = new Map();
  for (const seal of await readSeals(engine, shopIds, null)) {
    const { shopId, sealedUntil, sealed, found } = seal;
    if (sealedUntil === null) continue;
    untils.set(shopId, sealedUntil);
    check.sealedDays += found.rows;
    if (isIntact(seal) || check.brokenSeals.length >= maxBrokenSeals) continue;
    check.brokenSeals.push({ shopId, sealedUntil, sealedRows: sealed.rows ?? 0, rows: found.rows });
  }
  return untils;
}

function toFindings(found: Comparison, left: Comparison, seals: SealCheck, alert: boolean): Findings {
  return {
    ...seals,
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
  for (const shopId of await listRandomShops(engine, sample)) {
    const sealedUntil = (await listSealed(engine, [shopId])).get(shopId);
    yield { shopIds: [shopId], range: pickWindow(today, sealedUntil) };
  }
}

/** Among the days that are open. */
function pickWindow(today: Day, sealedUntil: Day | undefined): DayRange {
  const first = addDays(today, 1 - sampleLookbackDays);
  const all = { from: sealedUntil && sealedUntil > first ? sealedUntil : first, until: addDays(today, 1) };
  const starts = Math.max(1, countDays(all) - sampleDays + 1);
  const from = addDays(all.from, Math.floor(Math.random() * starts));
  return { from, until: addDays(from, sampleDays) };
}

/** Those that failed are among the tally's failures as well, which tell more. */
function addCompared(tally: Tally, shopIds: string[]): void {
  for (const shopId of shopIds) tally.comparedShopIds.add(shopId);
}

/** What is sealed is in none of the scopes. A day that is sealed meanwhile is left out by the statement itself. */
async function compareIsolated(
  engine: Engine,
  scopes: Scope[],
  compare: typeof findDrift,
  tally: Tally,
): Promise<Comparison> {
  const isolation = { tally, step: "comparison" } as const;
  let found = emptyComparison();
  for (const { shopIds, range } of scopes) {
    const results = await isolateShops(engine, shopIds, isolation, (isolated) => compare(engine, isolated, range));
    found = results.reduce(addComparisons, found);
  }
  return found;
}

async function alertBrokenSeals(engine: Engine, brokenSeals: BrokenSeal[]): Promise<void> {
  const [first] = brokenSeals;
  const count = brokenSeals.length === 1 ? "1 shop" : `${brokenSeals.length} shops`;
  await raiseAlert(
    engine,
    `Daily analytics: sealed rows of ${count} are not as they were sealed. No recount repairs that: restore them, or ` +
      `rebuild with "unseal" where the source rows are still there. The first is shop ${first?.shopId}.`,
    { brokenSeals },
  );
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
