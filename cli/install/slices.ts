import pg from "pg";
import type { Definition } from "../../app/services/rollup/definition/rollup";
import { toProgressSelect, toProgressUpsert } from "../../app/services/rollup/install/progress-sql";
import { type SlicesStep, type Step, toNextKeySql } from "../../app/services/rollup/install/step";
import { type Conditions, pause, runPatiently } from "./patience";

/** A slice is to take about so long: short for vacuum and for who waits for a row, long beside its round trips. */
const aimMs = { least: 300, most: 1_000 };

/** A line so often in a long step. */
const reportEveryMs = 10_000;

/**
 * Does all slices that are left, each with its place in one transaction. One whose transaction was lost is done again:
 * a day that is marked twice is counted once.
 *
 * @returns how many rows were written.
 */
export async function runSlices(
  conditions: Conditions,
  definition: Definition,
  step: Step & SlicesStep,
): Promise<number> {
  const { work, report } = conditions;
  const quote = (key: string) => `${pg.escapeLiteral(key)}::${step.keyType}`;
  const { rows: kept } = await work.query<{ key: string | null }>(toProgressSelect(definition, step.name));
  let { size } = step;
  let written = 0;
  let reportedAt = performance.now();
  for (let from = kept[0]?.key == null ? null : quote(kept[0].key); ; ) {
    const startedAt = performance.now();
    const { rows: next } = await work.query<{ key: string }>(toNextKeySql(step, from, size));
    const to = next[0] === undefined ? null : quote(next[0].key);
    const place = toProgressUpsert(definition, step.name, to && `${to}::text`);
    written += await runSlice(conditions, step, step.toSql({ from, to }), place);
    await conditions.onSlice?.();
    if (to === null) return written;
    from = to;
    const tookMs = performance.now() - startedAt;
    if (tookMs < aimMs.least) size = Math.min(step.maxSize, size * 2);
    if (tookMs > aimMs.most) size = Math.max(1, Math.floor(size / 2));
    if (performance.now() - reportedAt > reportEveryMs) {
      report(`  ${step.name}: ${written.toLocaleString("en-US")} rows, up to ${step.key} ${next[0]?.key}`);
      reportedAt = performance.now();
    }
  }
}

/** Does one slice, again and again while other transactions hold rows of it, and keeps that it is done. */
async function runSlice(conditions: Conditions, step: Step & SlicesStep, script: string, place: string) {
  if (!step.passesOver) {
    const results = await runPatiently(conditions, step.name, `${script}\n${place}`);
    return results.at(2)?.rowCount ?? 0;
  }
  let written = 0;
  for (let tries = 1; ; tries += 1) {
    const results = await runPatiently(conditions, step.name, script);
    const row = results.at(2)?.rows[0] as { written: number; left: number };
    written += row.written;
    if (row.left === 0) break;
    conditions.report(`  ${step.name} waits for ${row.left} rows that other transactions hold`);
    await pause(conditions, tries);
  }
  await runPatiently(conditions, step.name, place);
  return written;
}
