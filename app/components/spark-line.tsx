import { scaleLinear } from "@visx/scale";
import type { Line } from "~/report/figure";
import styles from "./chart.module.css";
import { DrawnLine } from "./drawn-line";
import { extent, toLineShape, toX } from "./line-shape";

/** Room for the line's own width, above and below. */
const inset = extent / 14;

/** A small line without axes, stretched to its box. What it shows is said beside it, and in a table. */
export function SparkLine({ line: { points } }: { line: Line }) {
  const highest = Math.max(0, ...points.map((point) => point.value ?? 0));
  const y = scaleLinear({ domain: [0, highest || 1], range: [extent - inset, inset], round: true });
  return (
    <svg
      viewBox={`0 0 ${extent} ${extent}`}
      preserveAspectRatio="none"
      width="100%"
      height="100%"
      aria-hidden="true"
      focusable="false"
    >
      <path className={styles.grid} d={`M0,${extent}H${extent}`} />
      <DrawnLine shape={toLineShape(points, toX(points.length), y)} hasArea />
    </svg>
  );
}
