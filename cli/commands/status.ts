import type { toStatusAnswer } from "../../app/services/rollup/http/status-answer.server";
import type { Json } from "../client";
import { type ExitCode, exitCodes } from "../exit-codes";
import { formatAgo, formatCount, formatDuration, formatInstant } from "../formats";
import type { CommonOptions } from "../options";
import type { Terminal } from "../terminal";
import { withClient } from "../with-client";
import { toRunsTable } from "./runs";

export type StatusAnswer = Json<ReturnType<typeof toStatusAnswer>>;
type Fleet = NonNullable<StatusAnswer["fleet"]>;
type Health = StatusAnswer["health"];
type Check = { ok: boolean; since: string | null; at?: string | null; maxAgeMinutes?: number };

const namedMarks = 5;

/** `status`: how all shops are. */
export function status(options: CommonOptions): Promise<ExitCode> {
  return withClient(options, "Stops after the call at work.", async ({ client, terminal }) => {
    const answer = await client.ask<StatusAnswer>("GET", "/jobs/status");
    terminal.print(answer, () => toStatusLines(answer, terminal.paint, new Date()));
    return isOk(answer) ? exitCodes.done : exitCodes.failed;
  });
}

/** A failing shop keeps no other one waiting, so health is ok with it; an operator has to do something all the same. */
export function isOk({ health, definition, fleet }: StatusAnswer): boolean {
  return health.ok && (health.failingShops.count ?? 0) === 0 && definition.state === "current" && fleet !== null;
}

export function toStatusLines(answer: StatusAnswer, paint: Terminal["paint"], now: Date): string[] {
  const { health, definition, fleet } = answer;
  const state = definition.state ?? "not read";
  return [
    isOk(answer) ? paint("green", "ok") : paint("red", "not ok"),
    "",
    ...toHealthLines(health, paint, now),
    line(
      "definition",
      `${definition.table}, ${definition.fingerprint}, ${state === "current" ? state : paint("red", state)}`,
    ),
    ...(fleet === null ? [line("shops", "not read")] : toFleetLines(fleet, now)),
  ];
}

function toHealthLines({ reasons, ...health }: Health, paint: Terminal["paint"], now: Date): string[] {
  const checks: [string, Check | undefined, string | undefined][] = [
    ["database", health.database, reasons.database],
    ["last run", health.lastRun, reasons.lastRun],
    ["last verification", health.lastVerification, reasons.lastVerification],
    ["oldest mark", health.oldestMark, reasons.oldestMark],
    ["replica", health.replica, reasons.replica],
  ];
  const { count, since, shops } = health.failingShops;
  return [
    ...checks.flatMap(([name, check, reason]) =>
      check ? [line(name, toCheckText(check, reason, { paint, now }))] : [],
    ),
    line(
      "failing shops",
      count === 0 ? "none" : paint("red", count === null ? "not read" : `${count}, the first ${toSince(since, now)}`),
    ),
    ...shops.map((shop) => `  ${shop.shopId} ${toSince(shop.since, now)}: ${shop.reason}`),
  ];
}

function toCheckText(
  { ok, since, at, maxAgeMinutes }: Check,
  reason: string | undefined,
  { paint, now }: { paint: Terminal["paint"]; now: Date },
): string {
  const age = at === undefined ? "" : at === null ? ", none" : `, ${formatInstant(at)}, ${formatAgo(at, now)}`;
  const limit = maxAgeMinutes === undefined ? "" : ` (at most ${formatDuration(maxAgeMinutes * 60_000)})`;
  if (ok) return `ok${age}${limit}`;
  // The database does not answer.
  if (reason === undefined) return paint("red", "not read");
  return `${paint("red", "not ok")} ${toSince(since, now)}${age}${limit}: ${reason}`;
}

function toSince(since: string | null, now: Date): string {
  return since === null ? "since when is not known" : `since ${formatInstant(since)}, ${formatAgo(since, now)}`;
}

function toFleetLines({ shops, marks, seals, running, last }: Fleet, now: Date): string[] {
  const oldest = marks.oldest
    .slice(0, namedMarks)
    .map(({ shopId, since }) => `  ${shopId} has the oldest mark ${toSince(since, now)}`);
  return [
    line("shops", `${shops.installed.toLocaleString("en")} installed of ${shops.total.toLocaleString("en")}`),
    line("marked days", marks.days >= 10_000 ? "10,000 at least" : marks.days.toLocaleString("en")),
    ...oldest,
    line(
      "seals",
      seals.shops === 0 ? "none" : `${formatCount(seals.shops, "shop")}, up to ${toSpan(seals.first, seals.last)}`,
    ),
    "",
    ...(running.length === 0 ? ["Nothing is running."] : ["Running:", ...toRunsTable(running)]),
    "",
    ...(last.length === 0 ? ["Nothing has run yet."] : ["Last of each kind:", ...toRunsTable(last)]),
  ];
}

function toSpan(first: string | null, last: string | null): string {
  return first === last ? `${first}` : `between ${first} and ${last}`;
}

function line(name: string, text: string): string {
  return `${name.padEnd(18)} ${text}`;
}
