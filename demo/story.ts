import type { Day } from "~/services/rollup/day";
import { type Counts, metricNames, metrics } from "~/testimonial-rollup";
import { countDirectly, directNames } from "./direct-count";
import { approveLate, forgetCustomer, importOldSubmissions, moveSubmission } from "./late-changes";
import { historyDays, toPeriod } from "./period";
import { finishRun, type Run } from "./run";
import { mainShop, toShopId } from "./shops";
import { getRangeSum, type RangeSum, type Site } from "./site";
import { toChange, toCount, toDuration, writeHeading, writeTable, writeText } from "./terminal";

/** Reads an exact sum although no run has been, runs until nothing is left, and runs once more for nothing. */
export async function tellFirstRuns(site: Site, now: Date): Promise<void> {
  const period = toPeriod(now);
  writeHeading(`2. Exact before any run: GET /app/range-sum for ${mainShop.domain}`);
  const live = await getRangeSum(site, mainShop, period);
  const direct = await countDirectly(site.db, toShopId(mainShop), period);
  requireEqual(live.totals, direct);
  writeTable(
    ["", "range sum", "counted in plain SQL"],
    directNames.map((name) => [metrics[name].label, toCount(live.totals[name]), toCount(direct[name])]),
  );
  writeText("", describeRead(live));

  writeHeading("3. The first run: POST /jobs/rollup until nothing remains");
  writeText(`Each call stops at its budget, here ${toDuration(site.budgetMs)}, and says how many days remain.`, "");
  const first = await finishRun(site);
  writeRun("first", first);
  const stored = await getRangeSum(site, mainShop, period);
  requireEqual(stored.totals, live.totals);
  writeText("", "The same range sum again: the same figures.", describeRead(stored));

  writeHeading("4. A second run has nothing to do, and writes nothing");
  writeRun("second", await finishRun(site));
}

/** Changes old days, reads exact sums immediately, and lets the next run settle them. */
export async function tellLateChanges(site: Site, now: Date): Promise<void> {
  const period = toPeriod(now);
  const before = await getRangeSum(site, mainShop, period);
  writeHeading(`5. Late changes to old days of ${mainShop.domain}, in plain SQL`);
  await changeOldDays(site, now, period.to);

  const after = await getRangeSum(site, mainShop, period);
  const direct = await countDirectly(site.db, toShopId(mainShop), period);
  requireEqual(after.totals, direct);
  writeText("", "The range sum immediately, before any run:", "");
  writeTable(
    ["", "before", "now", "change", "counted in plain SQL"],
    directNames.map((name) => [
      metrics[name].label,
      toCount(before.totals[name]),
      toCount(after.totals[name]),
      toChange(after.totals[name] - before.totals[name]),
      toCount(direct[name]),
    ]),
  );
  writeText("", describeRead(after));

  writeHeading("6. The next run settles them, and recounts only the days they touched");
  writeRun("third", await finishRun(site));
  const settled = await getRangeSum(site, mainShop, period);
  requireEqual(settled.totals, after.totals);
  writeText("", "The same range sum again: the same figures.", describeRead(settled));
}

async function changeOldDays({ db }: Site, now: Date, today: Day): Promise<void> {
  const waitingSince = await approveLate(db, mainShop, today);
  writeText(`- A testimonial that has waited since ${waitingSince} is approved today.`);
  const imported = await importOldSubmissions(db, mainShop, now);
  writeText(`- 50 testimonials of ${imported.from} to ${imported.to} are imported from another tool.`);
  const forgotten = await forgetCustomer(db, mainShop);
  writeText(
    `- A customer asks to be forgotten: ${forgotten.requests} requests and ${forgotten.submissions} testimonials are deleted.`,
  );
  const moved = await moveSubmission(db, mainShop, today);
  writeText(`- A video that was filed under ${moved.from} moves to ${moved.to}.`);
}

function describeRead({ freshness, tookMs }: RangeSum): string {
  const { liveDays } = freshness;
  const stored = toCount(historyDays - liveDays);
  return `Counted on the spot: ${toCount(liveDays)} of ${historyDays} days. From daily rows: ${stored}. Answered in ${toDuration(tookMs)}.`;
}

function writeRun(name: string, { durationMs, ...counts }: Run): void {
  const { calls, shops, days, rowsWritten, rowsDeleted } = counts;
  writeTable(
    ["run", "calls", "shops", "days", "rows written", "rows deleted", "duration"],
    [[name, ...[calls, shops, days, rowsWritten, rowsDeleted].map(toCount), toDuration(durationMs)]],
  );
}

function requireEqual(actual: Counts, expected: Partial<Counts>): void {
  for (const name of metricNames) {
    if (expected[name] === undefined || actual[name] === expected[name]) continue;
    throw new Error(`${metrics[name].label} is ${actual[name]}, but must be ${expected[name]}. This is a defect.`);
  }
}
