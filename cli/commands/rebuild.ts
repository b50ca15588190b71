import type { toRebuildAnswer } from "../../app/services/rollup/http/rebuild-answer.server";
import { usageError } from "../cli-error";
import type { Json } from "../client";
import { toGivenDays } from "../days";
import type { ExitCode } from "../exit-codes";
import { formatCount, formatDuration, toTable } from "../formats";
import { runSweep, type SweepOptions } from "../sweep/sweep-command";
import { listFailedShops } from "./failed-shops";

export type RebuildOptions = SweepOptions & {
  shop?: string;
  from?: string;
  to?: string;
  dryRun?: true;
  unseal?: true;
  limit: number;
};

export type RebuildAnswer = Json<Omit<ReturnType<typeof toRebuildAnswer>, "error">> & { error?: string };

/** `rebuild`: counts a range anew, or says what would change. */
export async function rebuild(options: RebuildOptions): Promise<ExitCode> {
  const { shop, from, to, dryRun, unseal, limit } = options;
  const isTakenUp = [options.cancel, options.follow, options.resume].some((id) => id !== undefined);
  const isNew = [shop, from, to, dryRun, unseal].some((value) => value !== undefined);
  if (isTakenUp && isNew) {
    throw usageError(
      "--resume, --follow and --cancel take a rebuild as it was begun: leave out --shop, --from, --to, --dry-run and --unseal.",
    );
  }
  const body = isTakenUp ? {} : { shopId: shop, ...toGivenDays({ from, to }), dryRun, unseal };
  return runSweep<RebuildAnswer>(options, {
    kind: "rebuild",
    start: (client) => client.ask("POST", "/jobs/rebuild", { body }),
    describe,
    toLines: (answer) => toLines(answer, limit),
    toNext: ({ runId }) => `What is done stays. Go on: npm run rollup -- rebuild --resume ${runId}`,
  });
}

function describe({ runId, shopId, total, fromDate, toDate, dryRun, unseal }: RebuildAnswer): string {
  const whose = shopId ?? `all ${formatCount(total, "shop")}`;
  return `${dryRun ? "Dry run of a rebuild" : "Rebuild"} ${runId} of ${whose}, ${fromDate} to ${toDate}${unseal ? ", sealed days too" : ""}.`;
}

function toLines(answer: RebuildAnswer, limit: number): string[] {
  const { status, done, total, days, rowsWritten, rowsDeleted, durationMs, error, dryRun } = answer;
  const time = durationMs === null ? "" : ` in ${formatDuration(durationMs)}`;
  const head = `${dryRun ? "Dry run" : "Rebuild"} ${status}${time}: ${done.toLocaleString("en")} of ${formatCount(total, "shop")}`;
  return [
    dryRun
      ? `${head}, ${formatCount(answer.changed ?? 0, "day")} would change.`
      : `${head}, ${formatCount(days, "day")} counted, ${formatCount(rowsWritten, "row")} written, ${rowsDeleted.toLocaleString("en")} deleted.`,
    ...(dryRun ? toChangeLines(answer, limit) : []),
    ...listFailedShops(answer.failedShops),
    ...(error ? [error] : []),
  ];
}

/** A line for each metric of a day: what is stored, and what it would be. A day without a row is all zeros. */
export function toChangeLines(
  { changes = [], changed = 0 }: Pick<RebuildAnswer, "changes" | "changed">,
  limit: number,
) {
  if (changes.length === 0) return [];
  const shown = changes.slice(0, limit);
  const rows = shown.flatMap(({ shopId, date, stored, live, metrics }) =>
    metrics.map((metric) => [shopId, date, metric, `${stored?.[metric] ?? 0} → ${live?.[metric] ?? 0}`]),
  );
  const more = changed - shown.length;
  return [
    ...toTable(["shop", "day", "metric", "stored → live"], rows),
    ...(more > 0 ? [`and ${formatCount(more, "other day")}: --limit shows more, --json the first 1,000`] : []),
  ];
}
