import type { VerifyResult } from "../../app/services/rollup/verify/verify.server";
import type { Json } from "../client";
import { type ExitCode, exitCodes } from "../exit-codes";
import { formatCount, formatDuration, toTable } from "../formats";
import type { CommonOptions } from "../options";
import { withClient } from "../with-client";
import { listFailedShops } from "./failed-shops";

export type VerifyAnswer = Json<Omit<VerifyResult, "error" | "fallbacks">> & { error?: string };

/** `verify`: compares stored rows with live counts, and repairs what differs. */
export function verify({ sample, ...options }: CommonOptions & { sample?: number }): Promise<ExitCode> {
  const sentence = "Stops before the next shops. An app's verification goes on.";
  return withClient(options, sentence, async ({ client, terminal, stop }) => {
    stop.signal.addEventListener("abort", () => client.connection.stop());
    const answer = await client.ask<VerifyAnswer>("POST", "/jobs/verify", { query: { sample } });
    terminal.print(answer, () => toLines(answer));
    return stop.signal.aborted && answer.status === "failed" ? exitCodes.stopped : toVerifyCode(answer);
  });
}

/** Drift that was found and repaired is the verification's work; an alert, or drift that stays, is trouble. */
export function toVerifyCode({ status, alert, driftedAfter }: VerifyAnswer): ExitCode {
  if (status === "failed" || alert || driftedAfter > 0) return exitCodes.failed;
  return status === "partial" ? exitCodes.partial : exitCodes.done;
}

const listed = 20;

function toLines(answer: VerifyAnswer): string[] {
  const { status, compared, drifted, driftedAfter, sealedDays, brokenSeals, alert, durationMs, error } = answer;
  const before = answer.before ?? [];
  const found =
    drifted === 0
      ? "none of them wrong"
      : `${drifted.toLocaleString("en")} wrong, ${(drifted - driftedAfter).toLocaleString("en")} repaired`;
  return [
    `Verification ${status} in ${formatDuration(durationMs)}: ${formatCount(compared ?? 0, "active day")} compared, ${found}.`,
    ...(driftedAfter > 0
      ? [`${formatCount(driftedAfter, "day")} wrong still: they stay marked, and reads count them live.`]
      : []),
    ...(before.length > 0
      ? toTable(
          ["shop", "day"],
          before.slice(0, listed).map(({ shopId, date }) => [shopId, date]),
        )
      : []),
    ...(before.length > listed ? [`and ${formatCount(before.length - listed, "other")}: --json names them`] : []),
    ...(sealedDays > 0
      ? [
          `${formatCount(sealedDays, "sealed day")} checked, the seals of ${formatCount(brokenSeals.length, "shop")} are broken.`,
        ]
      : []),
    ...brokenSeals
      .slice(0, listed)
      .map((seal) => `  ${seal.shopId}: ${seal.rows} rows before ${seal.sealedUntil}, sealed with ${seal.sealedRows}`),
    ...(alert ? ["An alert was raised."] : []),
    ...listFailedShops(answer.failedShops),
    ...(error ? [`${error} It is in the ledger, too: npm run rollup -- runs ${answer.runId}`] : []),
  ];
}
