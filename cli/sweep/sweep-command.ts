import type { SweepKind } from "../../app/services/rollup/jobs/ledger.server";
import { usageError } from "../cli-error";
import { type Client, toPath } from "../client";
import { isAppChosen } from "../connection/open";
import { type ExitCode, exitCodes } from "../exit-codes";
import type { CommonOptions } from "../options";
import { type Tools, withClient } from "../with-client";
import { followSweep, type SweepAnswer } from "./follow";

export type SweepOptions = CommonOptions & {
  follow?: string;
  cancel?: string;
  resume?: string;
  /** False with --no-wait. */
  wait?: boolean;
};

/** What a rebuild and a seal do each in its own way. */
export type SweepCommand<Answer extends SweepAnswer> = {
  kind: SweepKind;
  /** Starts a new one. */
  start: (client: Client) => Promise<Answer>;
  /** What it has begun, as a line for whoever watches. */
  describe: (answer: Answer) => string;
  toLines: (answer: Answer) => string[];
  /** How to go on with one that was cancelled. */
  toNext: (answer: Answer) => string;
};

/** Starts a sweep, or takes one up by its id, and follows it until its end. */
export function runSweep<Answer extends SweepAnswer>(
  options: SweepOptions,
  command: SweepCommand<Answer>,
): Promise<ExitCode> {
  const { kind, toLines, toNext } = command;
  requireOneMode(options);
  return withClient(options, `Cancels the ${kind}.`, async (tools) => {
    const { client, terminal } = tools;
    const begun = await begin(client, options, command);
    if (options.cancel === undefined) terminal.say(command.describe(begun));
    const isFollowed = options.wait !== false && options.cancel === undefined;
    const answer = isFollowed ? await followSweep(kind, begun, tools) : begun;
    const lines = () => (options.wait === false ? [answer.runId] : toLines(answer));
    terminal.print(answer, lines);
    if (answer.status === "cancelled" && (tools.stop.signal.aborted || options.cancel)) terminal.say(toNext(answer));
    return toSweepCode(answer, options, tools);
  });
}

function begin<Answer extends SweepAnswer>(
  client: Client,
  { cancel, follow, resume }: SweepOptions,
  { kind, start }: SweepCommand<Answer>,
): Promise<Answer> {
  const path = `/jobs/${kind}`;
  if (cancel !== undefined) return client.ask("DELETE", toPath(path, cancel));
  if (follow !== undefined) return client.ask("GET", toPath(path, follow));
  return resume === undefined ? start(client) : client.ask("POST", toPath(path, resume));
}

function requireOneMode(options: SweepOptions): void {
  const { cancel, follow, resume, wait } = options;
  const given = Object.entries({ cancel, follow, resume }).filter(([, id]) => id !== undefined);
  if (given.length > 1) throw usageError(`${given.map(([name]) => `--${name}`).join(" and ")} don't go together.`);
  if (wait === false && !isAppChosen(options)) {
    throw usageError(
      "--no-wait is for an app, which goes on by itself: set APP_URL. This process works until it ends.",
    );
  }
}

export function toSweepCode(
  { status, error }: SweepAnswer,
  { cancel, wait }: SweepOptions,
  { stop }: Pick<Tools, "stop">,
): ExitCode {
  if (cancel !== undefined) return status === "cancelled" ? exitCodes.done : exitCodes.failed;
  if (status === "running" && wait === false) return exitCodes.done;
  if (status === "ok" && error === undefined) return exitCodes.done;
  if (status === "partial") return exitCodes.partial;
  return status === "cancelled" && stop.signal.aborted ? exitCodes.stopped : exitCodes.failed;
}
