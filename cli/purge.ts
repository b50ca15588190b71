import { parseArgs } from "node:util";
import { isDay } from "../app/services/rollup/day";
import type { PurgeProgress } from "../app/services/rollup/seal/purge.server";
import { makeProgressLine } from "./progress-line";
import { stopOnSignals, stoppedCode } from "./stop";

/**
 * `purge`: deletes source rows of sealed days. Prints what it does, and returns the process's exit code: 0 only when all is
 * done.
 *
 * @throws Error with a sentence for the terminal, when it can't begin or go on.
 */
export async function purge(args: string[], write: (line: string) => void): Promise<number> {
  const { before, withRequests, ...options } = parsePurgeArgs(args);
  // The app's modules read the environment, and open the database, when they are loaded.
  const { rollup } = await import("../app/rollup.server");
  const { closeDatabase } = await import("../app/db.server");
  const { requireDatabase } = await import("../app/require-database.server");
  const { purge: purgeRows } = await import("../app/services/rollup/seal/purge.server");
  const { events, unansweredRequests } = await import("../app/purgeable-rows");
  const stop = stopOnSignals(write);
  const line = makeProgressLine(write);
  try {
    await requireDatabase();
    if (options.shopId !== undefined && !(await rollup.isShop(options.shopId))) {
      throw new Error(`--shop is ${JSON.stringify(options.shopId)}, and there is no such shop.`);
    }
    const progress = await purgeRows(rollup.engine, {
      ...options,
      before,
      purgeables: withRequests ? [events, unansweredRequests] : [events],
      signal: stop.signal,
      report: (at) => line.show(`${toRowsText(at)}; ${at.done} of ${at.total} sealed shops`),
    });
    line.end();
    for (const text of toOutcome(progress, options)) write(text);
    for (const { shopId, error } of progress.failedShops) write(`Shop ${shopId} is left as it is. ${error}`);
    if (stop.signal.aborted) {
      write("Stopped. The same command goes on.");
      return stoppedCode;
    }
    return progress.failedShops.length > 0 ? 1 : 0;
  } finally {
    stop.forget();
    await closeDatabase();
  }
}

function toOutcome(
  { rows, total, inUse, failedShops }: PurgeProgress,
  { dryRun, shopId }: { dryRun: boolean; shopId?: string },
): string[] {
  if (total === 0) {
    const whose = shopId === undefined ? "No shop is sealed" : "The shop is not sealed";
    return [`${whose}, so there is nothing to purge. POST /jobs/seal seals days.`];
  }
  const count = Object.values(rows).reduce((sum, ofTable) => sum + ofTable, 0);
  if (count === 0 && inUse === 0 && failedShops.length === 0) return ["There was nothing to purge."];
  return [
    `${dryRun ? "Would delete" : "Deleted"} ${toRowsText({ rows })}.`,
    ...(inUse > 0 ? [`${inUse.toLocaleString("en")} rows were in use; the same command takes them.`] : []),
  ];
}

function toRowsText({ rows }: Pick<PurgeProgress, "rows">): string {
  const parts = Object.entries(rows).map(([table, count]) => `${count.toLocaleString("en")} rows of ${table}`);
  return parts.join(", ") || "0 rows";
}

function parsePurgeArgs(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      before: { type: "string" },
      shop: { type: "string" },
      requests: { type: "boolean", default: false },
      "dry-run": { type: "boolean", default: false },
      rate: { type: "string", default: "5000" },
    },
  });
  const { before = "" } = values;
  if (!isDay(before)) {
    throw new Error(
      `--before is ${JSON.stringify(before)}; it must be a day as YYYY-MM-DD: rows of days before it go.`,
    );
  }
  const rowsPerSecond = Number(values.rate);
  if (!Number.isInteger(rowsPerSecond) || rowsPerSecond < 1 || rowsPerSecond > 1_000_000) {
    throw new Error(
      `--rate is ${JSON.stringify(values.rate)}; it must be a whole number of rows a second, 1 to 1000000.`,
    );
  }
  return {
    before,
    shopId: values.shop,
    withRequests: values.requests,
    dryRun: values["dry-run"],
    rowsPerSecond,
    batchRows: Math.min(500, rowsPerSecond),
  };
}
