import { withSession } from "./hammer/session";
import type { Statement } from "./statements";

/** What one scan of a plan did: rows that it looked at, those it dropped included, and pages, in all its loops. */
export type TableScan = { table: string; rows: number; pages: number; loops: number };

type PlanNode = {
  "Node Type": string;
  "Relation Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  "Shared Hit Blocks": number;
  "Shared Read Blocks": number;
  Plans?: PlanNode[];
};

/** Runs the statement, without effect, and lists the scans of tables in its plan. */
export function explainScans({ text, values }: Statement): Promise<TableScan[]> {
  return withSession(async (session) => {
    await session.query("begin");
    const { rows } = await session.query({
      text: `explain (analyze, buffers, timing off, format json) ${text}`,
      values,
    });
    await session.query("rollback");
    return listScans(rows[0]["QUERY PLAN"][0].Plan);
  });
}

/** The rows that the scans of a table looked at. */
export function sumRows(scans: TableScan[], table: string): number {
  return scans.filter((scan) => scan.table === table).reduce((sum, { rows }) => sum + rows, 0);
}

function listScans(node: PlanNode): TableScan[] {
  const below = (node.Plans ?? []).flatMap(listScans);
  const table = node["Relation Name"];
  if (table === undefined || !node["Node Type"].endsWith("Scan")) return below;
  const loops = node["Actual Loops"];
  const dropped = (node["Rows Removed by Filter"] ?? 0) + (node["Rows Removed by Index Recheck"] ?? 0);
  const rows = (node["Actual Rows"] + dropped) * loops;
  return [{ table, rows, loops, pages: node["Shared Hit Blocks"] + node["Shared Read Blocks"] }, ...below];
}
