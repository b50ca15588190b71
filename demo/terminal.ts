const indent = "   ";
const numberFormat = new Intl.NumberFormat("en-US");

/** Writes a line. */
export function writeLine(line = ""): void {
  process.stdout.write(`${line}\n`);
}

/** Writes indented lines. */
export function writeText(...lines: string[]): void {
  for (const line of lines) writeLine(line && `${indent}${line}`);
}

/** Writes a heading with air around it. */
export function writeHeading(heading: string): void {
  writeLine();
  writeLine(heading);
  writeLine();
}

/** A count as people write it: 12,345. */
export function toCount(count: number): string {
  return numberFormat.format(count);
}

/** A change with its sign. */
export function toChange(change: number): string {
  return `${change > 0 ? "+" : ""}${numberFormat.format(change)}`;
}

/** A duration that is easy to compare: 87 ms, 3.4 s. */
export function toDuration(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** Writes rows under their column names, the first column to the left and the others to the right. */
export function writeTable(columns: string[], rows: string[][]): void {
  const lines = [columns, ...rows];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  for (const line of lines) {
    const cells = line.map((cell, index) => {
      const width = widths[index] ?? 0;
      return index === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    writeText(cells.join("   ").trimEnd());
  }
}

/** A bar that is moved on, and ended once. One that was never shown leaves no trace. */
export type Progress = { show: (done: number, total: number, note: string) => void; end: () => void };

const barWidth = 30;

/** Starts a progress bar. Where the output is no terminal, it writes a plain line every 10 % at most. */
export function startProgress(): Progress {
  const { isTTY } = process.stdout;
  let lastTenth = -1;
  return {
    show(done, total, note) {
      const share = total === 0 ? 1 : done / total;
      const filled = Math.round(barWidth * share);
      const bar = `[${"#".repeat(filled)}${".".repeat(barWidth - filled)}]`;
      const line = `${indent}${bar} ${String(Math.floor(100 * share)).padStart(3)} %   ${note}`;
      const tenth = Math.floor(10 * share);
      // "Erase to the end of the line" clears what a longer line has left.
      if (isTTY) process.stdout.write(`\r${line}\u001b[K`);
      else if (tenth > lastTenth) writeLine(line);
      lastTenth = tenth;
    },
    end() {
      if (lastTenth < 0) return;
      writeLine(isTTY ? "\n" : "");
    },
  };
}
