import { Link } from "@remix-run/react";
import { formatCount, formatDuration, formatInstant } from "~/operator/format";
import type { LedgerEntry } from "~/operator/jobs.server";
import { operatorPath } from "~/operator/paths";
import { Badge, StatusBadge } from "./parts";
import { type Column, Table } from "./table";

const columns: Column[] = [
  { title: "Began" },
  { title: "Status" },
  { title: "Compared", kind: "number" },
  { title: "Drifted", kind: "number" },
  { title: "Left after", kind: "number" },
  { title: "Broken seals", kind: "number" },
  { title: "Alert" },
  { title: "Took", kind: "number" },
];

type VerificationsProps = { runs: LedgerEntry[]; shownId: string | undefined };

/** Verifications. The days that one found are shown below the table. */
export function VerificationsTable({ runs, shownId }: VerificationsProps) {
  const rows = runs.map((run) => ({
    key: run.runId,
    cells: [
      <Link
        key="began"
        to={`${operatorPath}/drift?${new URLSearchParams({ run: run.runId })}`}
        aria-current={run.runId === shownId ? "true" : undefined}
        preventScrollReset
      >
        {formatInstant(run.startedAt)}
      </Link>,
      <StatusBadge key="status" status={run.status} />,
      toCount(run.compared),
      toCount(run.drifted),
      toCount(run.driftedAfter),
      toCount(run.brokenSeals?.length),
      run.alert ? (
        <Badge key="alert" tone="bad">
          Raised
        </Badge>
      ) : (
        "–"
      ),
      run.durationMs === null ? "–" : formatDuration(run.durationMs),
    ],
  }));
  return <Table label="Verifications" columns={columns} rows={rows} empty="None yet." />;
}

function toCount(count: number | undefined): string {
  return count === undefined ? "–" : formatCount(count);
}
