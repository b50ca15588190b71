import { Link } from "@remix-run/react";
import { formatAgo, formatCount, formatInstant } from "~/operator/format";
import type { LedgerEntry } from "~/operator/jobs.server";
import { operatorPath } from "~/operator/paths";
import styles from "./operator.module.css";
import { Badge, Panel, Quiet, RunLink, toShopName } from "./parts";
import { toKindText } from "./runs-table";
import { SweepProgress } from "./sweep-progress";

type RunningProps = { running: LedgerEntry[]; domains: Record<string, string>; now: string };

/** What is at work, in whichever process. */
export function RunningPanel({ running, domains, now }: RunningProps) {
  return (
    <Panel title="Running" beside={running.length > 0 ? formatCount(running.length) : undefined}>
      {running.length === 0 ? (
        <Quiet>Nothing runs.</Quiet>
      ) : (
        <ul className={styles.list}>
          {running.map((run) => (
            <li key={run.runId}>
              <RunLink runId={run.runId}>{toKindText(run)}</RunLink>
              {` of ${toShopName({ shopId: run.shopId, domains })}, since ${toSince(run.startedAt, now)} `}
              {run.kind === "rebuild" || run.kind === "seal" ? (
                <>
                  <SweepLink run={run} />
                  <SweepProgress label={`Progress of the ${run.kind}`} sweep={run} now={now} />
                </>
              ) : (
                <Badge tone="busy">At work</Badge>
              )}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function toSince(instant: string, now: string): string {
  return `${formatInstant(instant)} (${formatAgo(instant, now)})`;
}

/** Where a sweep is cancelled. */
export function SweepLink({ run }: { run: Pick<LedgerEntry, "kind" | "runId"> }) {
  const page = run.kind === "seal" ? "seals" : "rebuild";
  return <Link to={`${operatorPath}/${page}?${new URLSearchParams({ run: run.runId })}`}>Watch or cancel</Link>;
}
