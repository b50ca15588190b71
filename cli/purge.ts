import type { PurgeProgress } from "../app/services/rollup/seal/purge.server";
import { optionError } from "./cli-error";
import { keepLogOffStdout, loadApp } from "./connection/local-app";
import { toGivenDay } from "./days";
import { type ExitCode, exitCodes } from "./exit-codes";
import { formatCount } from "./formats";
import { makeProgress } from "./progress";
import { stopOnSignals } from "./stop";
import { makeTerminal } from "./terminal";

export type PurgeOptions = {
  before?: string;
  shop?: string;
  requests?: true;
  dryRun?: true;
  rate: number;
  json?: true;
};

const batchRows = 500;

/**
 * `purge`: deletes source rows of sealed days. Prints what it does, and returns the process's exit code: 0 only when all is
 * done.
 *
 * @throws Error with a sentence for the terminal, when it can't begin or go on.
 */
export async function purge({ shop, requests, rate, json, ...options }: PurgeOptions): Promise<ExitCode> {
  const before = toGivenDay("--before", options.before);
  const dryRun = options.dryRun === true;
  const terminal = makeTerminal({ isJson: json === true });
  keepLogOffStdout();
  const { rollup, closeDatabase, requireDatabase } = await loadApp();
  const { purge: purgeRows } = await import("../app/services/rollup/seal/purge.server");
  const { events, unansweredRequests } = await import("../app/purgeable-rows");
  const stop = stopOnSignals(terminal.say);
  const bar = makeProgress(terminal.say);
  try {
    await requireDatabase();
    if (shop !== undefined && !(await rollup.isShop(shop))) {
      throw optionError("--shop", shop, "the id of a shop, and there is no such shop");
    }
    const progress = await purgeRows(rollup.engine, {
      ...{ before, shopId: shop, dryRun, rowsPerSecond: rate, batchRows: Math.min(batchRows, rate) },
      purgeables: requests ? [events, unansweredRequests] : [events],
      signal: stop.signal,
      report: (at) => bar.show({ done: at.done, total: at.total, unit: "sealed shops", text: toRowsText(at) }),
    }).finally(() => bar.end());
    const isStopped = stop.signal.aborted;
    terminal.print({ before, dryRun, isStopped, ...progress }, () => [
      ...toOutcome(progress, { dryRun, shop }),
      ...progress.failedShops.map(({ shopId, error }) => `Shop ${shopId} is left as it is. ${error}`),
    ]);
    if (isStopped) terminal.say("Stopped. The same command goes on.");
    return isStopped ? exitCodes.stopped : progress.failedShops.length > 0 ? exitCodes.partial : exitCodes.done;
  } finally {
    stop.forget();
    await closeDatabase();
  }
}

function toOutcome(
  { rows, total, inUse, failedShops }: PurgeProgress,
  { dryRun, shop }: { dryRun: boolean; shop: string | undefined },
): string[] {
  if (total === 0) {
    const whose = shop === undefined ? "No shop is sealed" : "The shop is not sealed";
    return [`${whose}, so there is nothing to purge. Seal days: npm run rollup -- seal --before <day>`];
  }
  const count = Object.values(rows).reduce((sum, ofTable) => sum + ofTable, 0);
  if (count === 0 && inUse === 0 && failedShops.length === 0) return ["There was nothing to purge."];
  return [
    `${dryRun ? "Would delete" : "Deleted"} ${toRowsText({ rows })}.`,
    ...(inUse > 0 ? [`${formatCount(inUse, "row was", "rows were")} in use; the same command takes them.`] : []),
  ];
}

function toRowsText({ rows }: Pick<PurgeProgress, "rows">): string {
  const parts = Object.entries(rows).map(([table, count]) => `${count.toLocaleString("en")} rows of ${table}`);
  return parts.join(", ") || "0 rows";
}
