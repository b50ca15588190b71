import { Link } from "@remix-run/react";
import { formatAgo, formatCount, formatCounted } from "~/operator/format";
import type { Overview } from "~/operator/overview.server";
import { operatorPath } from "~/operator/paths";
import type { Tone } from "~/operator/words";
import type { DefinitionState } from "~/services/rollup/definition/state.server";
import { Badge, Facts, Panel } from "./parts";

const states: Record<DefinitionState, { text: string; tone: Tone }> = {
  current: { text: "As in the database", tone: "good" },
  older: { text: "Older than the database's: this process only reads", tone: "warning" },
  unknown: { text: "Unknown to the database: this process recounts nothing", tone: "bad" },
};

/** What changes seldom: the definition, the seals, and what of privacy is open. */
export function StatePanel({ data, now }: { data: Overview; now: string }) {
  const { definition, fleet, privacy } = data;
  const { shops, first, last } = fleet.seals;
  const state = definition.state && states[definition.state];
  return (
    <Panel title="State">
      <Facts
        items={[
          ["Definition", state && <Badge tone={state.tone}>{state.text}</Badge>],
          ["Daily table", definition.table],
          ["Fingerprint", definition.fingerprint.slice(0, 12)],
          [
            "Sealed shops",
            <Link key="seals" to={`${operatorPath}/seals`}>
              {shops === 0
                ? "None"
                : `${formatCount(shops)}, ${first === last ? `to ${last}` : `to ${first} … ${last}`}`}
            </Link>,
          ],
          [
            "Privacy requests",
            <Link key="privacy" to={`${operatorPath}/privacy`}>
              {toOpenText(privacy, now)}
            </Link>,
          ],
        ]}
      />
    </Panel>
  );
}

function toOpenText({ open, overdue, oldestReceivedAt }: Overview["privacy"], now: string): string {
  if (open === 0 || oldestReceivedAt === null) return "None open";
  const late = overdue > 0 ? `, ${formatCount(overdue)} overdue` : "";
  return `${formatCounted(open, "open", "open")}${late}, the oldest ${formatAgo(oldestReceivedAt, now)}`;
}
