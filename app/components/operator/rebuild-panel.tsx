import { Form } from "@remix-run/react";
import { formatCount, formatCounted, formatInstant } from "~/operator/format";
import type { RebuildPage } from "~/operator/rebuild.server";
import { ChangesTable } from "./changes-table";
import { Send } from "./fields";
import styles from "./operator.module.css";
import { Facts, Notice, Panel, RunLink, Shop, StatusBadge } from "./parts";
import { FailedShopsPanel } from "./run-failures";
import { SweepProgress } from "./sweep-progress";

type Rebuild = NonNullable<RebuildPage["rebuild"]>;

/** A rebuild: how far it is, what it did or would do, and what can be done with it. */
export function RebuildPanel({ data, rebuild, now }: { data: RebuildPage; rebuild: Rebuild; now: string }) {
  const { runId, dryRun, status, shopId, fromDate, toDate, unseal } = rebuild;
  return (
    <>
      <Panel title={dryRun ? "Dry run" : "Rebuild"} beside={<StatusBadge status={status} />}>
        <SweepProgress label="Progress of the rebuild" sweep={rebuild} now={now} />
        {rebuild.error && (
          <Notice tone="bad" title="It failed.">
            <p>{rebuild.error}</p>
          </Notice>
        )}
        <Facts
          items={[
            ["Shop", <Shop key="shop" shopId={shopId} domains={data.domains} />],
            ["Days", `${fromDate} to ${toDate}`],
            ["Sealed days", unseal ? "Unsealed" : "Left as they are"],
            ["Began", formatInstant(rebuild.startedAt)],
            ["Ended", rebuild.finishedAt && formatInstant(rebuild.finishedAt)],
            ["Days counted", dryRun ? null : formatCount(rebuild.days)],
            ["Rows written", dryRun ? null : formatCount(rebuild.rowsWritten)],
            ["Rows deleted", dryRun ? null : formatCount(rebuild.rowsDeleted)],
            [
              "Run",
              <RunLink key="run" runId={runId}>
                All of this run
              </RunLink>,
            ],
          ]}
        />
        <Actions rebuild={rebuild} />
      </Panel>
      {data.changes && (
        <Panel title="What would change" beside={formatCounted(rebuild.changed ?? 0, "day")}>
          <ChangesTable
            label="Figures that would change"
            changes={data.changes}
            domains={data.domains}
            empty={status === "running" ? "Nothing so far." : "Nothing: these days are right as they are stored."}
          />
        </Panel>
      )}
      <FailedShopsPanel failed={rebuild.failedShops} domains={data.domains} />
    </>
  );
}

/** Cancel what runs, resume what was cancelled, or rebuild what a dry run has shown. */
function Actions({ rebuild }: { rebuild: Rebuild }) {
  const { runId, status, dryRun, shopId, fromDate, toDate, unseal } = rebuild;
  const isRunning = status === "running";
  return (
    <div className={styles.buttons}>
      {(isRunning || status === "cancelled") && (
        <Form method="post">
          <input type="hidden" name="run" value={runId} />
          <Send intent={isRunning ? "cancel" : "resume"}>{isRunning ? "Cancel" : "Resume"}</Send>
        </Form>
      )}
      {dryRun && !isRunning && (
        <Form method="post">
          {shopId !== null && <input type="hidden" name="shop" value={shopId} />}
          <input type="hidden" name="fromDate" value={fromDate} />
          <input type="hidden" name="toDate" value={toDate} />
          {unseal && <input type="hidden" name="unseal" value="on" />}
          <Send intent="rebuild" isPrimary>
            Rebuild these days
          </Send>
        </Form>
      )}
    </div>
  );
}
