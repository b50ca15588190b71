import { Link } from "@remix-run/react";
import { formatCount, formatInstant } from "~/operator/format";
import { operatorPath } from "~/operator/paths";
import type { Registered } from "~/operator/privacy.server";
import type { Tone } from "~/operator/words";
import { Badge } from "./parts";
import { type Column, Table } from "./table";

const topics: Record<string, string> = {
  "customers/data_request": "Customer asks for data",
  "customers/redact": "Erase a customer",
  "shop/redact": "Erase a shop",
};

const outcomes: Record<string, { text: string; tone: Tone }> = {
  pending: { text: "Open", tone: "warning" },
  done: { text: "Done", tone: "good" },
  nothing_found: { text: "Nothing found", tone: "plain" },
  ignored_as_old: { text: "Ignored: the shop came back", tone: "plain" },
};

const columns: Column[] = [
  { title: "Received" },
  { title: "Request" },
  { title: "Shop" },
  { title: "Outcome" },
  { title: "Rows", kind: "number" },
  { title: "Due or done" },
];

type PrivacyTableProps = { label: string; requests: Registered[]; empty: string };

/** Requests of the register, each with a link to all of it. */
export function PrivacyTable({ label, requests, empty }: PrivacyTableProps) {
  const rows = requests.map((request) => ({
    key: request.id,
    cells: [
      <Link key="received" to={`${operatorPath}/privacy/${encodeURIComponent(request.id)}`}>
        {formatInstant(request.receivedAt)}
      </Link>,
      toTopicText(request.topic),
      request.shopDomain,
      <OutcomeBadge key="outcome" outcome={request.outcome} />,
      formatCount(Object.values(request.rowCounts).reduce((sum, count) => sum + count, 0)),
      request.handledAt ? formatInstant(request.handledAt) : `Due ${request.dueAt.slice(0, 10)}`,
    ],
  }));
  return <Table label={label} columns={columns} rows={rows} empty={empty} />;
}

export function OutcomeBadge({ outcome }: { outcome: string }) {
  const { text, tone } = outcomes[outcome] ?? { text: outcome, tone: "plain" };
  return <Badge tone={tone}>{text}</Badge>;
}

export function toTopicText(topic: string): string {
  return topics[topic] ?? topic;
}
