import { formatAgo, formatCount, formatInstant } from "~/operator/format";
import type { StatusBody } from "~/operator/jobs.server";
import { Facts, Panel, Quiet, Shop } from "./parts";
import { Table } from "./table";

type Domains = Record<string, string>;
type Fleet = NonNullable<StatusBody["fleet"]>;

/** How far `marks.days` is counted. */
const maxCounted = 10_000;

/** How fresh the daily rows are, and which shops have waited longest. Reads are exact whatever waits. */
export function FreshnessPanel({ fleet, domains, now }: { fleet: Fleet; domains: Domains; now: string }) {
  const { days, oldest } = fleet.marks;
  return (
    <Panel title="Freshness" beside="Reads count marked days live, so they are exact meanwhile">
      <Facts
        items={[
          ["Marked days", days >= maxCounted ? `${formatCount(maxCounted)} or more` : formatCount(days)],
          ["Shops", formatCount(fleet.shops.total)],
          ["Installed", formatCount(fleet.shops.installed)],
        ]}
      />
      <h3>Shops that have waited longest</h3>
      <Table
        label="Shops that have waited longest"
        columns={[{ title: "Shop" }, { title: "Oldest mark" }, { title: "Waits" }]}
        rows={oldest.map(({ shopId, since }) => ({
          key: shopId,
          cells: [<Shop key="shop" shopId={shopId} domains={domains} />, formatInstant(since), formatAgo(since, now)],
        }))}
        empty="No shop waits."
      />
    </Panel>
  );
}

type FailingProps = { failing: StatusBody["health"]["failingShops"]; domains: Domains; now: string };

/** Shops whose recount or comparison fails. Their days are counted live, and the others are not kept waiting. */
export function FailingPanel({ failing, domains, now }: FailingProps) {
  const { count, shops } = failing;
  const isMore = (count ?? 0) > shops.length;
  return (
    <Panel title="Failing shops" beside={count ? formatCount(count) : undefined}>
      <Table
        label="Failing shops"
        columns={[{ title: "Shop" }, { title: "Since" }, { title: "Reason", kind: "text" }]}
        rows={shops.map(({ shopId, since, reason }) => ({
          key: shopId,
          cells: [
            <Shop key="shop" shopId={shopId} domains={domains} />,
            <span key="since">
              {formatInstant(since)}
              <small>{formatAgo(since, now)}</small>
            </span>,
            reason,
          ],
        }))}
        empty="None."
      />
      {isMore && <Quiet>{`The first ${formatCount(shops.length)} of ${formatCount(count ?? 0)}.`}</Quiet>}
    </Panel>
  );
}
