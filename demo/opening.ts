import { type History, writeHistory } from "./history";
import { analyzeTables, installShop, loadHistory } from "./load";
import { historyDays, toPeriod } from "./period";
import { countMarks } from "./run";
import { shops } from "./shops";
import type { Site } from "./site";
import { startProgress, toCount, toDuration, writeHeading, writeTable, writeText } from "./terminal";

/** Loads the shops' histories into the empty database. */
export async function tellHistory(site: Site, now: Date): Promise<void> {
  const { from, to } = toPeriod(now);
  writeHeading(`1. ${shops.length} shops, ${historyDays} UTC days of history, from ${from} to ${to}`);
  const startedAt = performance.now();
  const histories = shops.map((plan) => ({ plan, history: writeHistory(plan, now) }));
  const total = histories.reduce((sum, { history }) => sum + countRows(history), 0);
  const progress = startProgress();
  let done = 0;
  for (const { plan, history } of histories) {
    await installShop(site.db, plan, to);
    await loadHistory(site.db, history, (rows) => {
      done += rows;
      progress.show(done, total, `${toCount(done)} of ${toCount(total)} rows`);
    });
  }
  progress.end();
  await analyzeTables(site.db);
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

function countRows({ requests, events, submissions }: History): number {
  return requests.length + events.length + submissions.length;
}
