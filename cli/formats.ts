const units = [
  { name: "d", ms: 86_400_000 },
  { name: "h", ms: 3_600_000 },
  { name: "min", ms: 60_000 },
] as const;

/** A time span with its two largest units: "120 ms", "4.2 s", "3 min 5 s", "2 h 10 min". */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  const [index, unit] = [...units.entries()].find(([, { ms: least }]) => ms >= least) ?? [2, units[2]];
  const next = units[index + 1] ?? { name: "s", ms: 1_000 };
  const whole = Math.floor(ms / unit.ms);
  const rest = Math.floor((ms - whole * unit.ms) / next.ms);
  return rest === 0 ? `${whole} ${unit.name}` : `${whole} ${unit.name} ${rest} ${next.name}`;
}

/** An instant, without the fractions that nobody reads. */
export function formatInstant(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}Z`;
}

/** How long ago an instant was at `now`. */
export function formatAgo(iso: string, now: Date): string {
  const ms = now.getTime() - Date.parse(iso);
  return ms < 1_000 ? "just now" : `${formatDuration(ms)} ago`;
}

/** A number of things, with its noun. */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** Columns below each other, as wide as their widest cell. Columns of numbers go to the right. */
export function toTable(headings: string[], rows: (string | number)[][]): string[] {
  const cells = [headings, ...rows.map((row) => row.map(String))];
  const widths = headings.map((_, index) => Math.max(...cells.map((row) => row[index]?.length ?? 0)));
  const isNumeric = headings.map((_, index) => rows.length > 0 && rows.every((row) => typeof row[index] === "number"));
  return cells.map((row) =>
    row
      .map((cell, index) => (isNumeric[index] ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}
