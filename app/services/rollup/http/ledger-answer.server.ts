import type { RunRow } from "../jobs/ledger.server";
import type { VerifyResult } from "../verify/verify.server";

/** How many shops and days an entry of a list names. A run's own address has all that the ledger kept. */
const listed = 10;

/** What a verification found, as a list of runs tells it. */
type Findings = Pick<VerifyResult, "compared" | "drifted" | "driftedAfter" | "sealedDays" | "alert" | "brokenSeals">;

/** A run as a list of the ledger has it: without the days that a verification or a dry run names. */
export function toLedgerEntry(run: RunRow) {
  const { report, failedShops, ...entry } = toLedgerAnswer(run);
  return {
    ...entry,
    failedShopCount: failedShops.length,
    failedShops: failedShops.slice(0, listed),
    ...toFindings(report),
  };
}

/** A run with all that the ledger keeps of it. Instants are ISO 8601. */
export function toLedgerAnswer({
  id,
  cursor: _,
  healCursor: _heal,
  leaseUntil: _until,
  leaseOwner: _owner,
  ...run
}: RunRow) {
  return { runId: id, ...run };
}

function toFindings(report: RunRow["report"]): { [Name in keyof Findings]?: Findings[Name] | undefined } {
  const { compared, drifted, driftedAfter, sealedDays, alert, brokenSeals } = (report ?? {}) as Partial<Findings>;
  if (drifted === undefined) return {};
  return { compared, drifted, driftedAfter, sealedDays, alert, brokenSeals: brokenSeals?.slice(0, listed) };
}
