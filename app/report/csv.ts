/** A cell that begins so is a formula to a spreadsheet. */
const formulaStart = /^[=+\-@\t\r]/;

/** Rows as comma-separated values (RFC 4180). A text that a spreadsheet would run gets an apostrophe in front. */
export function toCsv(rows: (string | number)[][]): string {
  return rows.map((row) => `${row.map(toCell).join(",")}\r\n`).join("");
}

function toCell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const text = formulaStart.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
