import type { Line } from "~/report/figure";
import styles from "./chart.module.css";
import type { Scale } from "./line-shape";
import { toPercent } from "./plot-axes";

type ActivePointProps = { line: Line; index: number | null; x: Scale; y: Scale };

/** The point that the readout is about, marked on both lines. */
export function ActivePoint({ line, index, x, y }: ActivePointProps) {
  if (index === null) return null;
  const left = toPercent(x(index));
  const before = line.before?.points[index]?.value ?? null;
  const value = line.points[index]?.value ?? null;
  return (
    <>
      <span className={styles.activeLine} style={{ left }} />
      {before !== null && (
        <span className={`${styles.marker} ${styles.markerBefore}`} style={{ left, top: toPercent(y(before)) }} />
      )}
      {value !== null && <span className={styles.marker} style={{ left, top: toPercent(y(value)) }} />}
    </>
  );
}
