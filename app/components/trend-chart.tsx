import { type KeyboardEvent, useState } from "react";
import { type Line, toSpokenText } from "~/report/figure";
import type { Unit } from "~/report/trend";
import styles from "./chart.module.css";
import { DataTable } from "./data-table";
import { Plot } from "./plot";
import reportStyles from "./report.module.css";
import { useLocale } from "./use-locale";

const drawings = [
  { className: styles.narrow, size: { width: 336, height: 220 } },
  { className: styles.medium, size: { width: 640, height: 240 } },
  { className: styles.wide, size: { width: 920, height: 280 } },
];

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

  function move(event: KeyboardEvent): void {
    const next = toNext(event.key, shown, last);
    if (next === null) return;
    event.preventDefault();
    setIndex(next);
  }

  return (
    <div>
      <p className={styles.readout} data-shape>
        <b>{point?.text}</b> <span>{point?.label}</span>
      </p>
      <div
        className={styles.chart}
        role="slider"
        tabIndex={0}
        aria-label={trend.slider(label)}
        aria-valuemin={1}
        aria-valuemax={last + 1}
        aria-valuenow={shown + 1}
        aria-valuetext={point && toSpokenText(locale, point)}
        onKeyDown={move}
        data-shape
      >
        {drawings.map(({ className, size }) => (
          // A browser's translation would put elements into the labels that no drawing shows. Time runs from left to
          // right in every language, and the labels of the axes with it.
          <div key={size.width} className={className} translate="no" dir="ltr">
            <Plot line={line} activeIndex={index} onPoint={setIndex} size={size} />
          </div>
        ))}
      </div>
      <PointsTable line={line} label={label} />
    </div>
  );
}

function PointsTable({ line, label }: { line: Line; label: string }) {
  const { trend, tables } = useLocale().texts;
  const rows = line.points.map((point) => [point.label, point.text]);
  return (
    <details className={reportStyles.details}>
      <summary>{trend.asTable}</summary>
      <DataTable label={label} table={{ headings: [tables.day, line.label], rows }} />
    </details>
  );
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
