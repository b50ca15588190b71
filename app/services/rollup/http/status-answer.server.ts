import type { Status } from "../health/status.server";
import { toLedgerEntry } from "./ledger-answer.server";

/** The status as the route tells it: its runs as a list of the ledger has them. */
export function toStatusAnswer({ fleet, ...status }: Status) {
  if (fleet === null) return { ...status, fleet };
  return {
    ...status,
    fleet: { ...fleet, running: fleet.running.map(toLedgerEntry), last: fleet.last.map(toLedgerEntry) },
  };
}
