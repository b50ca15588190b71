import { Form, useSearchParams } from "@remix-run/react";
import { formatCount, formatInstant } from "~/operator/format";
import type { SealsPage } from "~/operator/seals.server";
import { Field, Send } from "./fields";
import { NextPage } from "./next-page";
import styles from "./operator.module.css";
import { Badge, Facts, Panel, Quiet, RunLink, Shop } from "./parts";
import { BrokenSealsTable } from "./run-failures";
import { Table } from "./table";

/** Shops with sealed days, and a search among them. */
export function SealListPanel({ data }: { data: SealsPage }) {
  const [query] = useSearchParams();
  const { totals, seals, next, domains } = data;
  return (
    <Panel title="Sealed shops">
      <Facts
        items={[
          ["Shops", formatCount(totals.shops)],
          ["Earliest seal until", totals.first],
          ["Latest seal until", totals.last],
        ]}
      />
      <Form method="get" className={styles.inline}>
        <Field
          name="shop"
          label="Search"
          value={query.get("shop") ?? ""}
          placeholder="A part of the domain, or an id"
        />
        <Send>Search</Send>
      </Form>
      <Table
        label="Sealed shops"
        columns={[
          { title: "Shop" },
          { title: "Sealed until" },
          { title: "Sealed rows", kind: "number" },
          { title: "Source rows purged until" },
        ]}
        rows={seals.map(({ shopId, sealedUntil, sealedRows, purgedUntil }) => ({
          key: shopId,
          cells: [
            <Shop key="shop" shopId={shopId} domains={domains} />,
            sealedUntil,
            formatCount(sealedRows),
            purgedUntil ?? "–",
          ],
        }))}
        empty={query.get("shop") ? "No such shop is sealed." : "No shop is sealed."}
      />
      <Quiet>Days before the day that a seal goes until stay as they are stored.</Quiet>
      <NextPage field="after" value={next} />
    </Panel>
  );
}

/** The seals that the last verification found broken. */
export function BrokenSealsPanel({ data: { verification, domains } }: { data: SealsPage }) {
  if (!verification) return null;
  const { brokenSeals, runId, startedAt } = verification;
  if (brokenSeals.length === 0) {
    return (
      <Panel title="Broken seals" beside={<Badge tone="good">None</Badge>}>
        <p className={styles.quiet}>
          By the <RunLink runId={runId}>{`last verification, of ${formatInstant(startedAt)}`}</RunLink>.
        </p>
      </Panel>
    );
  }
  return (
    <Panel title="Broken seals" beside={<RunLink runId={runId}>{`Found on ${formatInstant(startedAt)}`}</RunLink>}>
      <Quiet>
        No recount repairs them: restore their rows, or rebuild with unsealing where the source rows are still there.
      </Quiet>
      <BrokenSealsTable brokenSeals={brokenSeals} domains={domains} />
    </Panel>
  );
}
