import type { SealProgress } from "../../app/services/rollup/jobs/seal-progress";
import { usageError } from "../cli-error";
import type { Json } from "../client";
import { toGivenDay } from "../days";
import type { ExitCode } from "../exit-codes";
import { formatCount, formatDuration } from "../formats";
import { runSweep, type SweepOptions } from "../sweep/sweep-command";
import { listFailedShops } from "./failed-shops";

export type SealOptions = SweepOptions & { shop?: string; before?: string; dryRun?: true };

type SealAnswer = Json<Omit<SealProgress, "error">> & { error?: string };

/** `seal`: days stay as they are stored, whatever becomes of their source rows. */
export async function seal(options: SealOptions): Promise<ExitCode> {
  const { shop, before, dryRun } = options;
  const isTakenUp = [options.cancel, options.follow].some((id) => id !== undefined);
  if (isTakenUp && [shop, before, dryRun].some((value) => value !== undefined)) {
    throw usageError("--follow and --cancel take a seal as it was begun: leave out --shop, --before and --dry-run.");
  }
  const body = isTakenUp ? {} : { shopId: shop, before: toGivenDay("--before", before), dryRun };
  return runSweep<SealAnswer>(options, {
    kind: "seal",
    start: (client) => client.ask("POST", "/jobs/seal", { body }),
    describe,
    toLines,
    toNext: () => "Shops that are done stay sealed. The same command seals the others.",
  });
}

function describe({ runId, shopId, total, before, dryRun }: SealAnswer): string {
  const whose = shopId ?? `all ${formatCount(total, "shop")}`;
  return `${dryRun ? "Dry run of a seal" : "Seal"} ${runId} of ${whose}, all days before ${before}.`;
}

function toLines(answer: SealAnswer): string[] {
  const { status, done, total, shops, days, durationMs, error, dryRun } = answer;
  const time = durationMs === null ? "" : ` in ${formatDuration(durationMs)}`;
  return [
    `${dryRun ? "Dry run" : "Seal"} ${status}${time}: ${done.toLocaleString("en")} of ${formatCount(total, "shop")}, ` +
      `${dryRun ? "it would seal " : ""}${formatCount(days, "day")} of ${formatCount(shops, "shop")}${dryRun ? "" : " sealed"}.`,
    ...listFailedShops(answer.failedShops),
    ...(error ? [error] : []),
  ];
}
