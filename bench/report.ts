import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { dirname } from "node:path";
import type { Aim } from "./aim";
import type { Options, Sizes } from "./options";

/** One comparison: medians of both sides, in `unit` (milliseconds, if not given). */
export type Finding = {
  row: string;
  work: string;
  against: string;
  ours: number;
  alternative: number;
  unit?: string;
  aim: Aim;
  /** How many rows, days or requests the work is about. */
  rows: number;
  /** What else was seen, and what would fail the row whatever the ratio. */
  note?: string;
  isWrong?: boolean;
};

export type Line = Omit<Finding, "aim" | "isWrong"> & { unit: string; ratio: string; aim: string; isMet: boolean };

/** The comparison with its ratio and its verdict. */
export function toLine({ aim, isWrong = false, unit = "ms", ...finding }: Finding): Line {
  const { ratio, isMet } = aim.judge(finding.ours, finding.alternative);
  return { ...finding, unit, ratio, aim: aim.text, isMet: isMet && !isWrong };
}

const columns = ["row", "work", "against", "ours", "alternative", "ratio", "aim", "verdict", "rows"] as const;

export function toTable(lines: Line[]): string {
  const cells = lines.map((line) => [
    line.row,
    line.work,
    line.against,
    toAmount(line.ours, line.unit),
    toAmount(line.alternative, line.unit),
    line.ratio,
    line.aim,
    line.isMet ? "met" : "MISSED",
    line.rows.toLocaleString("en-US"),
  ]);
  const table = [[...columns], ...cells];
  const widths = columns.map((_, index) => Math.max(...table.map((row) => row[index]?.length ?? 0)));
  const text = table.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const notes = lines.flatMap((line) => (line.note ? [`${line.row}: ${line.note}`] : []));
  return [...text, "", ...new Set(notes)].join("\n");
}

/** Writes all of it, with what it was measured on, as JSON. */
export function writeResults(lines: Line[], { options, sizes, server }: Conditions): void {
  mkdirSync(dirname(options.json), { recursive: true });
  const conditions = {
    measuredAt: new Date().toISOString(),
    server,
    node: process.version,
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    scale: options.scale,
    largeScale: options.largeScale,
    rounds: options.rounds,
    sizes,
  };
  writeFileSync(options.json, `${JSON.stringify({ conditions, lines }, null, 2)}\n`);
}

type Conditions = { options: Options; sizes: Sizes; server: string };

function toAmount(value: number, unit: string): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toLocaleString("en-US", { maximumFractionDigits: digits })} ${unit}`;
}
