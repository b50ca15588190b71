import type { RunStatus, SweepKind } from "../jobs/ledger.server";
import type { Overlap } from "../jobs/sweep.server";
import { refuse } from "./answer.server";

/** The answer to a sweep of a shop that there is not. */
export function refuseShop(shopId: string): Response {
  return refuse(404, "unknown_shop", `There is no shop ${JSON.stringify(shopId)}.`, {
    issues: [{ field: "shopId", value: shopId, message: "must be the id of a shop" }],
  });
}

/** The answer where there is no run, or no sweep of that kind, by that id. */
export function refuseRun(kind: SweepKind | "run", runId: string, field = "runId"): Response {
  return refuse(404, "unknown_run", `There is no ${kind} ${JSON.stringify(runId)}.`, {
    issues: [{ field, value: runId, message: `must be the id of a ${kind}` }],
  });
}

/** The answer to a sweep that a running one keeps from beginning. `field` is the first of its days. */
export function refuseOverlap({ overlaps, kind }: Overlap, field: string, value: string | null): Response {
  return refuse(409, "overlap", `The ${kind} ${overlaps} of some of these shops and days is running.`, {
    issues: [{ field, value, message: `overlaps the running ${kind} ${overlaps}` }],
  });
}

/** The answer to going on with a sweep that was not cancelled: a running one goes on by itself, and an ended one is done. */
export function refuseResume(kind: SweepKind, runId: string, status: RunStatus): Response {
  const word = status === "running" ? "running" : `over (${status})`;
  return refuse(409, "not_cancelled", `The ${kind} ${runId} is ${word}; only a cancelled one can be resumed.`, {
    issues: [{ field: "runId", value: runId, message: `must be the id of a cancelled ${kind}` }],
  });
}
