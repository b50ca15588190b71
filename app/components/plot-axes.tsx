import type { Point } from "~/report/figure";
import styles from "./chart.module.css";
import { extent, type Scale } from "./line-shape";

/** As many labels as the widest plot has room for. */
const mostLabels = 10;

/** The width that a label needs, and the widths of a plot from which on the style sheet shows more of them, all in em. */
const labelWidth = 6;
const plotWidths = [10, 15, 20, 30, 40, 60];

type YAxisProps = { ticks: number[]; y: Scale; format: (value: number) => string };

/** The values at the left of a plot. Their column is as wide as the widest of them. */
export function YAxis({ ticks, y, format }: YAxisProps) {
  return (
    <div className={styles.yAxis}>
      {ticks.map((tick) => (
        <span key={tick} className={styles.tick} style={{ top: toPercent(y(tick)) }}>
          {format(tick)}
        </span>
      ))}
    </div>
  );
}

/** The days below a plot, evenly apart, the last one always among them. */
export function XAxis({ points, x }: { points: Point[]; x: Scale }) {
  return (
    <div className={styles.xAxis}>
      {listLabels(points.length).map(({ index, from }) => (
        <span
          key={index}
          className={`${styles.tick} ${styles[`from${from}`] ?? ""}`}
          style={{ left: toPercent(x(index)) }}
        >
          {points[index]?.tick}
        </span>
      ))}
    </div>
  );
}

/** A place in the drawing as a share of its box. */
export function toPercent(place: number): string {
  return `${(100 * place) / extent}%`;
}

/**
 * The indices of labelled points, each with the width of the plot from which on it is shown. In narrower plots every second
 * label goes, and of the rest every second again, so that they are evenly apart and none is on another.
 */
export function listLabels(pointCount: number): { index: number; from: number }[] {
  const apart = Math.ceil(pointCount / mostLabels);
  return Array.from({ length: pointCount }, (_, index) => ({ index, fromLast: pointCount - 1 - index }))
    .filter(({ fromLast }) => fromLast % apart === 0)
    .map(({ index, fromLast }) => ({ index, from: toPlotWidth(fromLast / apart, (pointCount - 1) / apart) }));
}

/** From which width on the label at a place, counted from the last, has room beside those that stay as long as it does. */
function toPlotWidth(place: number, lastPlace: number): number {
  if (place === 0) return 0;
  const step = [8, 4, 2, 1].find((step) => place % step === 0) ?? 1;
  const needed = (labelWidth * lastPlace) / step;
  return plotWidths.find((width) => width >= needed) ?? Number.POSITIVE_INFINITY;
}
