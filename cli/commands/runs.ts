import type { toLedgerAnswer, toLedgerEntry } from "../../app/services/rollup/http/ledger-answer.server";
import { type Json, toPath } from "../client";
import { type ExitCode, exitCodes } from "../exit-codes";
import { formatDuration, formatInstant, toTable } from "../formats";
import type { CommonOptions } from "../options";
import { withClient } from "../with-client";
import { listFailedShops } from "./failed-shops";

export type RunsOptions = CommonOptions & {
  kind?: string;
  status?: string;
  shop?: string;
  before?: string;
  limit?: number;
};

export type LedgerEntry = Json<ReturnType<typeof toLedgerEntry>>;
type LedgerRun = Json<ReturnType<typeof toLedgerAnswer>>;

/** `runs`: the ledger, the latest run first; with an id that run, with all that the ledger keeps of it. */
export function runs(
  runId: string | undefined,
  { kind, status, shop, before, limit, ...options }: RunsOptions,
): Promise<ExitCode> {
  return withClient(options, "Stops after the call at work.", async ({ client, terminal }) => {
    if (runId !== undefined) {
      const run = await client.ask<LedgerRun>("GET", toPath("/jobs/runs", runId));
      terminal.print(run, () => toRunLines(run));
      return exitCodes.done;
    }
    const query = { kind, status, shopId: shop, before, limit };
    const page = await client.ask<{ runs: LedgerEntry[]; next: string | null }>("GET", "/jobs/runs", { query });
    terminal.print(page, () => [
      ...(page.runs.length === 0 ? ["No run is like that."] : toRunsTable(page.runs)),
      ...(page.next === null ? [] : [`Those before: --before ${page.next}`]),
    ]);
    return exitCodes.done;
  });
}

/** Runs, one a line. */
export function toRunsTable(entries: LedgerEntry[]): string[] {
  const headings = ["began", "kind", "by", "status", "took", "days", "written", "deleted", "failed", "what", "run"];
  return toTable(headings, entries.map(toRow));
}

function toRow(run: LedgerEntry): (string | number)[] {
  const { startedAt, kind, trigger, status, durationMs, days, rowsWritten, rowsDeleted, failedShopCount, runId } = run;
  const took = durationMs === null ? `${run.done}/${run.total ?? "?"}` : formatDuration(durationMs);
  const began = formatInstant(startedAt);
  return [began, kind, trigger, status, took, days, rowsWritten, rowsDeleted, failedShopCount, toWhat(run), runId];
}

/** What a run was about: its days, its shop, and what a verification found. */
function toWhat({ fromDate, toDate, shopId, dryRun, drifted }: LedgerEntry): string {
  const days = fromDate ? `${fromDate} to ${toDate}` : toDate ? `to ${toDate}` : "";
  return [
    days,
    ...(shopId === null ? [] : [shopId]),
    ...(dryRun ? ["dry run"] : []),
    ...(drifted === undefined ? [] : [`${drifted} wrong`]),
  ]
    .filter(Boolean)
    .join(", ");
}

function toRunLines({ failedShops, report, ...fields }: LedgerRun): string[] {
  const lines = Object.entries(fields)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => [name, String(value)]);
  return [
    ...toTable(["field", "value"], lines),
    ...listFailedShops(failedShops),
    ...(report === null ? [] : ["report:", JSON.stringify(report, null, 2)]),
  ];
}
