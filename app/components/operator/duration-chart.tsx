import type { DurationChart as Chart } from "~/operator/duration-chart.server";
import { kindWords } from "~/operator/words";
import type { RunKind } from "~/services/rollup/jobs/ledger.server";
import styles from "./duration-chart.module.css";

/** Each kind has a shape of its own: its colour says nothing more. In a box of 10 by 10. */
const shapes: Record<RunKind, string> = {
  rollup: "M5,0.5a4.5,4.5 0 1,0 0.01,0z",
  verify: "M5,0L10,5L5,10L0,5z",
  rebuild: "M0.5,0.5H9.5V9.5H0.5z",
  seal: "M5,0L10,9.5H0z",
};

/** How long the runs of the table took, by when they began. The table beside it has the same in words. */
export function DurationChart({ chart }: { chart: NonNullable<Chart> }) {
  const kinds = [...new Set(chart.points.map(({ kind }) => kind))];
  return (
    <figure aria-label="Durations of the runs in the table, by when they began. The table has each of them.">
      <ul className={styles.legend}>
        {kinds.map((kind) => (
          <li key={kind}>
            <Mark kind={kind} />
            {kindWords[kind]}
          </li>
        ))}
      </ul>
      <div className={styles.chart} dir="ltr" aria-hidden="true">
        <div className={styles.yAxis}>
          {chart.yTicks.map(({ at, text }) => (
            <span key={text} className={styles.tick} style={{ top: `${at}%` }}>
              {text}
            </span>
          ))}
        </div>
        <div className={styles.plot}>
          {chart.yTicks.map(({ at, text }) => (
            <div key={text} className={styles.line} style={{ top: `${at}%` }} />
          ))}
          {chart.points.map(({ runId, kind, x, y }) => (
            <svg
              key={runId}
              className={styles.point}
              style={{ left: `${x}%`, top: `${y}%` }}
              viewBox="0 0 10 10"
              aria-hidden="true"
            >
              <path className={styles[kind]} d={shapes[kind]} />
            </svg>
          ))}
        </div>
        <div className={styles.xAxis}>
          {chart.xTicks.map(({ at, text }) => (
            <span key={`${at} ${text}`} className={styles.tick} style={{ left: `${at}%` }}>
              {text}
            </span>
          ))}
        </div>
      </div>
    </figure>
  );
}

function Mark({ kind }: { kind: RunKind }) {
  return (
    <svg viewBox="0 0 10 10" aria-hidden="true">
      <path className={styles[kind]} d={shapes[kind]} />
    </svg>
  );
}
