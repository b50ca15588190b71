import { formatCount } from "~/operator/format";
import type { LedgerRunPage } from "~/operator/runs.server";
import { Panel, Shop } from "./parts";
import { Table } from "./table";

type Domains = Record<string, string>;

/** Shops that failed in a run, and why. Not shown where none did. */
export function FailedShopsPanel({
  failed,
  domains,
}: {
  failed: LedgerRunPage["run"]["failedShops"];
  domains: Domains;
}) {
  if (failed.length === 0) return null;
  return (
    <Panel title="Failed shops" beside={formatCount(failed.length)}>
      <Table
        label="Failed shops"
        columns={[{ title: "Shop" }, { title: "Reason", kind: "text" }]}
        rows={failed.map(({ shopId, error }) => ({
          key: shopId,
          cells: [<Shop key="shop" shopId={shopId} domains={domains} />, error],
        }))}
        empty="None."
      />
    </Panel>
  );
}

/** What failed and was done another way, sealed days that stayed as they are, and broken seals. */
export function FallbacksPanel({ page: { found, domains } }: { page: LedgerRunPage }) {
  const { fallbacks = [], dropped = [], brokenSeals = [] } = found;
  return (
    <>
      {fallbacks.length > 0 && (
        <Panel title="Done another way" beside="A step that failed for several shops together and then was done apart">
          <Table
            label="Steps done another way"
            columns={[{ title: "Step" }, { title: "Times", kind: "number" }, { title: "Error", kind: "text" }]}
            rows={fallbacks.map(({ step, count, error }) => ({
              key: `${step} ${error}`,
              cells: [step, formatCount(count), error],
            }))}
            empty="None."
          />
        </Panel>
      )}
      {dropped.length > 0 && (
        <Panel title="Sealed days whose source rows have changed" beside="They stay as they are stored">
          <Table
            label="Sealed days whose source rows have changed"
            columns={[{ title: "Shop" }, { title: "Day" }]}
            rows={dropped.map(({ shopId, date }) => ({
              key: `${shopId} ${date}`,
              cells: [<Shop key="shop" shopId={shopId} domains={domains} />, date],
            }))}
            empty="None."
          />
        </Panel>
      )}
      {brokenSeals.length > 0 && (
        <Panel title="Broken seals">
          <BrokenSealsTable brokenSeals={brokenSeals} domains={domains} />
        </Panel>
      )}
    </>
  );
}

type BrokenSeals = NonNullable<LedgerRunPage["found"]["brokenSeals"]>;

/** Shops whose sealed rows are not as they were sealed. */
export function BrokenSealsTable({ brokenSeals, domains }: { brokenSeals: BrokenSeals; domains: Domains }) {
  return (
    <Table
      label="Broken seals"
      columns={[
        { title: "Shop" },
        { title: "Sealed until" },
        { title: "Rows sealed", kind: "number" },
        { title: "Rows now", kind: "number" },
      ]}
      rows={brokenSeals.map(({ shopId, sealedUntil, sealedRows, rows }) => ({
        key: shopId,
        cells: [
          <Shop key="shop" shopId={shopId} domains={domains} />,
          sealedUntil,
          formatCount(sealedRows),
          formatCount(rows),
        ],
      }))}
      empty="None."
    />
  );
}
