import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { SerializeFrom } from "@remix-run/node";
import { answerSafely, readLimitMs, waitForRead } from "~/http/answer.server";
import { rollup } from "~/rollup.server";
import { makeHandlers } from "~/services/rollup/http/handlers.server";
import type { toLedgerAnswer, toLedgerEntry } from "~/services/rollup/http/ledger-answer.server";
import type { toRebuildAnswer } from "~/services/rollup/http/rebuild-answer.server";
import type { toStatusAnswer } from "~/services/rollup/http/status-answer.server";
import type { SealProgress } from "~/services/rollup/jobs/seal-progress";
import { keepStarted } from "~/services/started-work.server";

// The operator's pages call the very handlers that the routes under /jobs call, in this process: so there is one check of
// each field and one text of each refusal. The secret of these is made up here and never leaves the process; whoever comes by
// the page has shown the admin token at its login.

const secret = randomBytes(32).toString("hex");

const handlers = makeHandlers(rollup, {
  cronSecret: secret,
  adminToken: secret,
  trigger: "operator",
  readLimitMs,
  answerSafely,
});

export type LedgerEntry = SerializeFrom<typeof toLedgerEntry>;
type LedgerRun = SerializeFrom<typeof toLedgerAnswer>;
export type RebuildBody = SerializeFrom<typeof toRebuildAnswer>;
export type SealBody = SerializeFrom<SealProgress>;
export type StatusBody = SerializeFrom<typeof toStatusAnswer>;
type RunsBody = { runs: LedgerEntry[]; next: string | null };

type Query = Record<string, string>;

// Each throws the Response of a refusal.
export const readStatus = () => read<StatusBody>(handlers.status(toRequest("GET")));
export const readRuns = (query: Query) => read<RunsBody>(handlers.runs(toRequest("GET", { query })));
export const readRun = (runId: string) => read<LedgerRun>(handlers.ledgerRun(toRequest("GET"), runId));
export const readRebuild = (runId: string) => read<RebuildBody>(handlers.rebuild(toRequest("GET"), runId));
export const readSeal = (runId: string) => read<SealBody>(handlers.seal(toRequest("GET"), runId));

export const startRebuild = (body: object) => read<RebuildBody>(handlers.startRebuild(toRequest("POST", { body })));
export const cancelRebuild = (runId: string) => read<RebuildBody>(handlers.rebuild(toRequest("DELETE"), runId));
export const resumeRebuild = (runId: string) => read<RebuildBody>(handlers.rebuild(toRequest("POST"), runId));
export const startSeal = (body: object) => read<SealBody>(handlers.startSeal(toRequest("POST", { body })));
export const cancelSeal = (runId: string) => read<SealBody>(handlers.seal(toRequest("DELETE"), runId));

/** Begins a run, as the cron would. Returns its id where it has ended in a moment, else null: the ledger tells of it. */
export const startRun = () => begin(handlers.runRollup(toRequest("POST")));
export const startVerify = (query: Query) => begin(handlers.runVerify(toRequest("POST", { query })));

/** How long the answer to a button waits for the end of what it began. */
const endLimitMs = 1_000;

async function begin(work: Promise<Response>): Promise<string | null> {
  const limit = new AbortController();
  const late = pause(endLimitMs, null, { signal: limit.signal }).catch(() => null);
  const response = await Promise.race([keepStarted(work), late]);
  limit.abort();
  if (response === null) return null;
  const body = (await response.clone().json()) as { runId?: string };
  // A run that failed is one, too, and has its row.
  if (body.runId === undefined) throw response;
  return body.runId;
}

/** @throws Response that refuses. */
async function read<Body>(asked: Promise<Response>): Promise<Body> {
  const response = await waitForRead(asked);
  if (!response.ok) throw response;
  return response.json() as Promise<Body>;
}

function toRequest(method: string, { query = {}, body }: { query?: Query; body?: object } = {}): Request {
  return new Request(`http://this-process.invalid/?${new URLSearchParams(query)}`, {
    method,
    headers: { Authorization: `Bearer ${secret}` },
    ...(body && { body: JSON.stringify(body) }),
  });
}
