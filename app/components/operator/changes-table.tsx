import type { Changes } from "~/operator/change-rows.server";
import { formatCount } from "~/operator/format";
import { Quiet, Shop } from "./parts";
import { type Column, Table } from "./table";

const columns: Column[] = [
  { title: "Shop" },
  { title: "Day" },
  { title: "Figure" },
  { title: "Stored", kind: "number" },
  { title: "By the source tables", kind: "number" },
];

type ChangesTableProps = {
  label: string;
  changes: Changes;
  domains: Record<string, string>;
  empty: string;
  /** Says of each figure whether it is right after the repair. */
  withAfter?: boolean;
};

/** Figures that are stored otherwise than the source tables say. */
export function ChangesTable({ label, changes, domains, empty, withAfter = false }: ChangesTableProps) {
  const rows = changes.rows.map(({ shopId, date, figure, stored, live, left }) => ({
    key: `${shopId} ${date} ${figure}`,
    cells: [
      <Shop key="shop" shopId={shopId} domains={domains} />,
      date,
      figure,
      formatCount(stored),
      formatCount(live),
      left ? "Still wrong" : "Right",
    ],
  }));
  return (
    <>
      <Table
        label={label}
        columns={withAfter ? [...columns, { title: "After the repair" }] : columns}
        rows={rows}
        empty={empty}
      />
      {!changes.isAll && <Quiet>{`These are the first ${formatCount(rows.length)} figures; there are more.`}</Quiet>}
    </>
  );
}
