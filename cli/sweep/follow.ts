import type { FailedShop, RunStatus, SweepKind } from "../../app/services/rollup/jobs/ledger.server";
import { CliError } from "../cli-error";
import { toPath } from "../client";
import { exitCodes } from "../exit-codes";
import { makeProgress } from "../progress";
import type { Tools } from "../with-client";
import { askPatiently, pause } from "./patience";

/** What the answers of a rebuild and of a seal have in common. `done` and `total` are shops. */
export type SweepAnswer = {
  runId: string;
  status: RunStatus;
  shopId: string | null;
  dryRun: boolean;
  done: number;
  total: number;
  etaMs: number | null;
  days: number;
  failedShops: FailedShop[];
  durationMs: number | null;
  error?: string;
};

/** The progress of work in this process costs a statement, that of an app a call. */
const intervalMs = { local: 200, app: 500 };
const maxIntervalMs = 2_000;

/**
 * Follows a sweep until it has ended, and shows how far it is. Ctrl-C cancels it.
 *
 * @returns its last answer: where it was cancelled, "cancelled".
 * @throws CliError that says how to follow it again, when nobody answers for a minute.
 */
export async function followSweep<Answer extends SweepAnswer>(
  kind: SweepKind,
  begun: Answer,
  { client, terminal, stop }: Tools,
): Promise<Answer> {
  const { connection } = client;
  const path = toPath(`/jobs/${kind}`, begun.runId);
  const progress = makeProgress(terminal.say);
  let answer = begun;
  let waitMs = connection.isLocal ? intervalMs.local : intervalMs.app;
  try {
    while (answer.status === "running") {
      progress.show({ done: answer.done, total: answer.total, unit: "shops", etaMs: answer.etaMs });
      if (stop.signal.aborted) return await client.ask<Answer>("DELETE", path);
      await pause(waitMs, stop.signal);
      if (!connection.isLocal) waitMs = Math.min(maxIntervalMs, waitMs * 1.2);
      connection.continueSweep(begun.runId);
      answer = await askPatiently(() => client.ask<Answer>("GET", path), { ...stop, say: terminal.say });
    }
    return answer;
  } catch (error) {
    throw error instanceof CliError && error.isPassing ? toLostError(error, kind, begun.runId, stop.signal) : error;
  } finally {
    progress.end();
  }
}

function toLostError(error: CliError, kind: SweepKind, runId: string, stopped: AbortSignal): CliError {
  const again = `npm run rollup -- ${kind} --follow ${runId}`;
  const cancel = `npm run rollup -- ${kind} --cancel ${runId}`;
  const message = stopped.aborted
    ? `${error.message} So the ${kind} ${runId} was not cancelled: it goes on in the app. Cancel it: ${cancel}`
    : `${error.message} The ${kind} ${runId} goes on where it runs. Follow it again: ${again}`;
  const exitCode = stopped.aborted ? exitCodes.stopped : exitCodes.unreachable;
  return new CliError(message, { code: error.code, exitCode });
}
