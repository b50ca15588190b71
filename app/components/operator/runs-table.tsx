import { formatCount, formatDuration, formatInstant } from "~/operator/format";
import type { LedgerEntry } from "~/operator/jobs.server";
import { kindWords, triggerWords } from "~/operator/words";
import styles from "./operator.module.css";
import { RunLink, Shop, StatusBadge } from "./parts";
import { type Column, Table } from "./table";

const columns: Column[] = [
  { title: "Began" },
  { title: "Kind" },
  { title: "Status" },
  { title: "Shop" },
  { title: "Took", kind: "number" },
  { title: "Shops", kind: "number" },
  { title: "Days", kind: "number" },
  { title: "Rows", kind: "number" },
  { title: "By" },
];

type RunsTableProps = { label: string; runs: LedgerEntry[]; domains: Record<string, string>; empty: string };

/** Runs of the ledger, each with a link to all that is kept of it. */
export function RunsTable({ label, runs, domains, empty }: RunsTableProps) {
  return <Table label={label} columns={columns} empty={empty} rows={runs.map((run) => toRow(run, domains))} />;
}

function toRow(run: LedgerEntry, domains: Record<string, string>) {
  const cells = [
    <RunLink key="began" runId={run.runId}>
      {formatInstant(run.startedAt)}
    </RunLink>,
    toKindText(run),
    <StatusBadge key="status" status={run.status} />,
    <Shop key="shop" shopId={run.shopId} domains={domains} />,
    run.durationMs === null ? "–" : formatDuration(run.durationMs),
    formatCount(run.shops),
    formatCount(run.days),
    <span key="rows" title={`${run.rowsWritten} written, ${run.rowsDeleted} deleted`}>
      {formatCount(run.rowsWritten + run.rowsDeleted)}
    </span>,
    <span key="by" className={styles.quiet}>
      {triggerWords[run.trigger]}
    </span>,
  ];
  return { key: run.runId, cells };
}

/** "Rebuild, dry run" of a run. */
export function toKindText({ kind, dryRun, unseal }: Pick<LedgerEntry, "kind" | "dryRun" | "unseal">): string {
  return [kindWords[kind], ...(dryRun ? ["dry run"] : []), ...(unseal ? ["unseals"] : [])].join(", ");
}
