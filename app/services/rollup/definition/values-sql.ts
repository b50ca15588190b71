import { toLiteral } from "./literal";

/** Rows of a "values" list. Of none, one that names nothing. */
export function toRows(rows: (string | boolean)[][]): string {
  if (rows.length === 0) return " (null, null, null)";
  return rows.map((row) => `\n      (${row.map(toLiteral).join(", ")})`).join(",");
}
