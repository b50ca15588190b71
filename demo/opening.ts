import { toDay } from "~/services/rollup/day";
import { type History, writeHistory } from "./history";
import { analyzeTables, installShop, loadHistory } from "./load";
import { historyDays, toPeriod } from "./period";
import { countMarks } from "./run";
import { type ShopPlan, shops } from "./shops";
import type { Site } from "./site";
import { startProgress, toCount, toDuration, writeHeading, writeTable, writeText } from "./terminal";

/** A shop and what happened in it. */
export type ShopHistory = { plan: ShopPlan; history: History };

/** Loads the shops' histories into the empty database. */
export async function tellHistory(site: Site, now: Date): Promise<void> {
  const { from, to } = toPeriod(now);
  writeHeading(`1. ${shops.length} shops, ${historyDays} UTC days of history, from ${from} to ${to}`);
  const startedAt = performance.now();
  const histories = await loadShops(site, now);
  const tookMs = performance.now() - startedAt;
  writeTable(
    ["shop", "requests", "events", "testimonials"],
    histories.map(({ plan, history: { requests, events, submissions } }) => [
      plan.domain,
      ...[requests, events, submissions].map((rows) => toCount(rows.length)),
    ]),
  );
  const marked = await countMarks(site.db);
  writeText(
    "",
    `Written and loaded in ${toDuration(tookMs)}. The triggers have marked ${toCount(marked.days)} days of ${marked.shops} shops;`,
    "there is no daily row yet.",
  );
}

/** Installs the shops and loads their histories, under a bar. */
export async function loadShops(site: Site, now: Date): Promise<ShopHistory[]> {
  const histories = shops.map((plan) => ({ plan, history: writeHistory(plan, now) }));
  const total = histories.reduce((sum, { history }) => sum + countRows(history), 0);
  const progress = startProgress();
  let done = 0;
  for (const { plan, history } of histories) {
    await installShop(site.db, plan, toDay(now));
    await loadHistory(site.db, history, (rows) => {
      done += rows;
      progress.show(done, total, `${toCount(done)} of ${toCount(total)} rows`);
    });
  }
  progress.end();
  await analyzeTables(site.db);
  return histories;
}

function countRows({ requests, events, submissions }: History): number {
  return requests.length + events.length + submissions.length;
}
