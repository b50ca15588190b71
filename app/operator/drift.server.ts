import { readRuns } from "./jobs.server";
import type { Data } from "./problem";
import { readLedgerRun } from "./runs.server";

/** Verifications, the latest first, and what one of them found: the one in the address, else the last that found anything. */
export async function readDrift(query: URLSearchParams) {
  const before = query.get("before");
  const { runs, next } = await readRuns({ kind: "verify", ...(before && { before }) });
  const shownId = query.get("run") || runs.find(({ drifted = 0 }) => drifted > 0)?.runId;
  return { runs, next, shown: shownId ? await readLedgerRun(shownId) : null };
}

export type Drift = Data<typeof readDrift>;
