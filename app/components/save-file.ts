import { type CsvTable, toCsv } from "~/report/csv";

/** Has the browser save a table as a file. */
export function saveTable({ fileName, rows }: CsvTable): void {
  saveFile(fileName, toCsv(rows));
}

/**
 * Has the browser save a text of comma-separated values. The file is made from what the page holds: a link out of the
 * admin's frame would be opened without a session token.
 */
export function saveFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // Some browsers begin to read it only after this turn.
  setTimeout(() => URL.revokeObjectURL(url));
}
