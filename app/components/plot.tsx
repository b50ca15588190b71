import { scaleLinear } from "@visx/scale";
import type { PointerEvent } from "react";
import type { Line } from "~/report/figure";
import { ActivePoint } from "./active-point";
import styles from "./chart.module.css";
import { DrawnLine } from "./drawn-line";
import { extent, type Scale, toLineShape, toX } from "./line-shape";
import { XAxis, YAxis } from "./plot-axes";
import { useLocale } from "./use-locale";

type PlotProps = { line: Line; activeIndex: number | null; onPoint: (index: number) => void };

/**
 * A line, and the one it is compared with, over axes of text. The drawing is stretched to whatever box it has, and texts and
 * markers are placed in shares of that box, so that the server need not know its size. Time runs from left to right in any
 * language; and a browser's translation would put elements into the labels that no drawing shows.
 */
export function Plot({ line, activeIndex, onPoint }: PlotProps) {
  const { formatShortPercent, formatCompact } = useLocale();
  const x = toX(line.points.length);
  const { y, ticks } = toYScale(line);

  function choosePoint(event: PointerEvent<Element>): void {
    const box = event.currentTarget.getBoundingClientRect();
    const index = Math.round(x.invert(((event.clientX - box.left) / box.width) * extent));
    onPoint(Math.min(line.points.length - 1, Math.max(0, index)));
  }

  return (
    <div className={styles.drawing} dir="ltr" translate="no" aria-hidden="true">
      <YAxis ticks={ticks} y={y} format={line.isRate ? formatShortPercent : formatCompact} />
      <div className={styles.plot} onPointerMove={choosePoint} onPointerDown={choosePoint}>
        <svg viewBox={`0 0 ${extent} ${extent}`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
          <path className={styles.grid} d={ticks.map((tick) => `M0,${y(tick)}H${extent}`).join("")} />
          {line.before && (
            <g className={styles.before}>
              <DrawnLine shape={toLineShape(line.before.points, x, y)} hasArea={false} />
            </g>
          )}
          <DrawnLine shape={toLineShape(line.points, x, y)} hasArea={!line.before} />
        </svg>
        <ActivePoint line={line} index={activeIndex} x={x} y={y} />
      </div>
      <XAxis points={line.points} x={x} />
    </div>
  );
}

/** From zero up to the highest point of both lines, and where the axis has its labels. */
function toYScale({ points, before, isRate }: Line): { y: Scale; ticks: number[] } {
  const highest = Math.max(0, ...[...points, ...(before?.points ?? [])].map((point) => point.value ?? 0));
  const tickCount = isRate ? 4 : Math.min(4, Math.max(1, highest));
  const y = scaleLinear({ domain: [0, highest || 1], range: [extent, 0], round: true }).nice(tickCount);
  return { y, ticks: y.ticks(tickCount) };
}
