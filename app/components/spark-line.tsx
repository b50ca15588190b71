import { scaleLinear } from "@visx/scale";
import { AreaClosed, LinePath } from "@visx/shape";
import type { Line } from "~/report/figure";
import styles from "./chart.module.css";
import { toLineShape } from "./line-shape";

const width = 160;
const height = 40;
const inset = 3;

/** A small line without axes, stretched to its box. What it shows is said beside it, and in a table. */
export function SparkLine({ line }: { line: Line }) {
  const points = line.points.length === 1 ? [...line.points, ...line.points] : line.points;
  const highest = Math.max(0, ...points.map((point) => point.value ?? 0));
  const x = scaleLinear({ domain: [0, points.length - 1], range: [0, width] });
  const y = scaleLinear({ domain: [0, highest || 1], range: [height - inset, inset] });
  const { shape, lone } = toLineShape({ points }, x, y);
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      width="100%"
      height="100%"
      aria-hidden="true"
      focusable="false"
    >
      <line className={styles.grid} x2={width} y1={height - 1} y2={height - 1} />
      <AreaClosed {...shape} yScale={y} className={styles.area} />
      <LinePath {...shape} className={styles.line} />
      {lone.map((point) => (
        <path key={point.index} className={styles.loneDot} d={`M${shape.x(point)} ${shape.y(point)}h0`} />
      ))}
    </svg>
  );
}
