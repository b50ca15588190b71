/** A table as a file: days as YYYY-MM-DD, counts and shares of 1 as numbers, null for none. */
export type CsvTable = { fileName: string; rows: CsvRow[] };

/** A line of a file. */
export type CsvRow = (string | number | null)[];

/** A cell that begins so is a formula to a spreadsheet. */
const formulaStart = /^[=+\-@\t\r]/;

/** The digits that a share has after its point, at most. */
const mostDecimals = 6;

/** Rows as comma-separated values (RFC 4180). A text that a spreadsheet would run gets an apostrophe in front. */
export function toCsv(rows: CsvRow[]): string {
  return rows.map((row) => `${row.map(toCell).join(",")}\r\n`).join("");
}

function toCell(value: CsvRow[number]): string {
  if (value === null) return "";
  if (typeof value === "number") return String(Number(value.toFixed(mostDecimals)));
  const text = formulaStart.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
