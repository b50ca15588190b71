import { type KeyboardEvent, useState } from "react";
import type { Table } from "~/report/cards";
import { toTrendCsv } from "~/report/csv-tables";
import { type Line, toSpokenText } from "~/report/figure";
import type { Unit } from "~/report/trend";
import type { Texts } from "~/texts/texts";
import styles from "./chart.module.css";
import { DetailsTable } from "./details-table";
import { Plot } from "./plot";
import { useLocale, useTexts } from "./use-locale";

const pageOfPoints = 7;

/** A line over days. Each point can be reached by the arrow keys or the pointer; a table has them all. */
export function TrendChart({ line, unit }: { line: Line; unit: Unit }) {
  const [index, setIndex] = useState<number | null>(null);
  const locale = useLocale();
  const { trend } = locale.texts;
  const label = trend.line[unit](line.label);
  const last = line.points.length - 1;
  const shown = index === null ? last : Math.min(index, last);
  const point = line.points[shown];
  const before = line.before?.points[shown];

  function move(event: KeyboardEvent): void {
    const next = toNext(event.key, shown, last);
    if (next === null) return;
    event.preventDefault();
    setIndex(next);
  }

  return (
    <div>
      {line.before && <Legend before={line.before.label} />}
      <p className={styles.readout} data-shape>
        <b>{point?.text}</b> <span>{point?.label}</span>
        {line.before && (
          <span className={styles.readoutBefore}>{before && trend.before(before.text, before.label)}</span>
        )}
      </p>
      <div
        className={styles.chart}
        role="slider"
        tabIndex={0}
        aria-label={trend.slider(label)}
        aria-valuemin={1}
        aria-valuemax={last + 1}
        aria-valuenow={shown + 1}
        aria-valuetext={point && toSpokenText(locale, point, before)}
        onKeyDown={move}
        data-shape
      >
        <Plot line={line} activeIndex={index} onPoint={setIndex} />
      </div>
      <DetailsTable
        summary={trend.asTable}
        label={label}
        table={toPointsTable(locale.texts, line)}
        toFile={(days) => toTrendCsv(locale, line, days)}
      />
    </div>
  );
}

/** Which of the two lines is which. */
function Legend({ before }: { before: string }) {
  const { trend } = useTexts();
  return (
    <p className={styles.legend}>
      <span className={styles.named}>{trend.theseDays}</span>
      <span className={`${styles.named} ${styles.namedBefore}`}>{before}</span>
    </p>
  );
}

/** All points of the line, each beside the one that it is compared with. */
function toPointsTable({ tables, trend }: Texts, { label, points, before }: Line): Table {
  const headings = [tables.day, label];
  const rows = points.map((point) => [point.label, point.text]);
  if (!before) return { headings, rows };
  return {
    headings: [...headings, trend.dayBefore, trend.figureBefore(label)],
    rows: rows.map((row, index) => [...row, before.points[index]?.label ?? "", before.points[index]?.text ?? ""]),
  };
}

/** Where a key leads to from a point, or null for one that leads nowhere. */
function toNext(key: string, from: number, last: number): number | null {
  const steps: Record<string, number> = {
    ArrowLeft: from - 1,
    ArrowDown: from - 1,
    ArrowRight: from + 1,
    ArrowUp: from + 1,
    PageDown: from - pageOfPoints,
    PageUp: from + pageOfPoints,
    Home: 0,
    End: last,
  };
  const next = steps[key];
  return next === undefined ? null : Math.min(last, Math.max(0, next));
}
