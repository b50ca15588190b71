import { formatCount, formatDuration, formatInstant } from "~/operator/format";
import type { LedgerRunPage } from "~/operator/runs.server";
import { triggerWords } from "~/operator/words";
import { ChangesTable } from "./changes-table";
import { Badge, Facts, Notice, Panel, Shop, StatusBadge } from "./parts";
import { FailedShopsPanel, FallbacksPanel } from "./run-failures";
import { SweepLink } from "./running-panel";
import { toKindText } from "./runs-table";
import { SweepProgress } from "./sweep-progress";

/** A run with all that the ledger keeps of it. */
export function RunDetails({ page, now }: { page: LedgerRunPage; now: string }) {
  const { run, found, changes, domains } = page;
  const isSweep = run.kind === "rebuild" || run.kind === "seal";
  return (
    <>
      {run.error !== null && (
        <Notice tone="bad" title="It failed.">
          <p>{run.error}</p>
        </Notice>
      )}
      <Panel title={toKindText(run)} beside={<StatusBadge status={run.status} />}>
        {isSweep && (
          <>
            <SweepProgress label={`Progress of the ${run.kind}`} sweep={run} now={now} />
            <p>
              <SweepLink run={run} />
            </p>
          </>
        )}
        <Facts
          items={[
            ["Run", run.runId],
            ["By", triggerWords[run.trigger]],
            ["Slot of the schedule", run.slot],
            ["Began", formatInstant(run.startedAt)],
            ["Ended", run.finishedAt && formatInstant(run.finishedAt)],
            ["Took", run.durationMs === null ? null : formatDuration(run.durationMs)],
            ["Of", <Shop key="shop" shopId={run.shopId} domains={domains} />],
            ["First day", run.fromDate],
            ["Last day", run.toDate],
            ["Shops", formatCount(run.shops)],
            ["Days", formatCount(run.days)],
            ["Rows written", formatCount(run.rowsWritten)],
            ["Rows deleted", formatCount(run.rowsDeleted)],
            ["Marked days left", run.remaining === null ? null : formatCount(run.remaining)],
            ["Sealed days left as they are", toCount(found.droppedDays)],
          ]}
        />
      </Panel>
      {run.kind === "verify" && found.compared !== undefined && <Findings found={found} />}
      {(run.kind === "verify" || run.dryRun) && run.kind !== "seal" && (
        <Panel title={run.kind === "verify" ? "Drift" : "What the rebuild would change"}>
          <ChangesTable
            label={run.kind === "verify" ? "Figures found wrong" : "Figures that would change"}
            changes={changes}
            domains={domains}
            empty="Nothing."
            withAfter={run.kind === "verify"}
          />
        </Panel>
      )}
      <FailedShopsPanel failed={run.failedShops} domains={domains} />
      <FallbacksPanel page={page} />
    </>
  );
}

function Findings({ found }: { found: LedgerRunPage["found"] }) {
  const { sample, compared, drifted, driftedAfter, sealedDays, alert } = found;
  return (
    <Panel title="Findings" beside={alert && <Badge tone="bad">Alert raised</Badge>}>
      <Facts
        items={[
          ["Shops verified", sample ? `${formatCount(sample)} by chance` : "All installed"],
          ["Days compared", toCount(compared)],
          ["Drifted", toCount(drifted)],
          ["Left after the repair", toCount(driftedAfter)],
          ["Sealed days checked", toCount(sealedDays)],
        ]}
      />
    </Panel>
  );
}

function toCount(count: number | undefined): string | null {
  return count === undefined ? null : formatCount(count);
}
