import { AxisBottom, AxisLeft } from "@visx/axis";
import { Group } from "@visx/group";
import { scaleLinear } from "@visx/scale";
import { AreaClosed, LinePath } from "@visx/shape";
import type { PointerEvent } from "react";
import type { Line } from "~/report/figure";
import styles from "./chart.module.css";
import { type Scale, toLineShape } from "./line-shape";
import { useLocale } from "./use-locale";

const margin = { top: 12, right: 30, bottom: 28, left: 48 };
const tickText = { className: styles.tick, fontFamily: "inherit", fontSize: 12 };
const tickWidth = 76;

type PlotProps = {
  line: Line;
  activeIndex: number | null;
  onPoint: (index: number) => void;
  size: { width: number; height: number };
};

/** A line with its axes, drawn at one size. */
export function Plot({ line, activeIndex, onPoint, size: { width, height } }: PlotProps) {
  const [right, bottom] = [width - margin.right, height - margin.bottom];
  const highest = Math.max(0, ...line.points.map((point) => point.value ?? 0));
  const tickCount = line.isRate ? 4 : Math.min(4, Math.max(1, highest));
  const y = scaleLinear({ domain: [0, highest || 1], range: [bottom, margin.top] }).nice(tickCount);
  const x = scaleLinear({ domain: [0, Math.max(1, line.points.length - 1)], range: [margin.left, right] });
  const { shape, lone } = toLineShape(line, x, y);

  function pointAt(event: PointerEvent<SVGSVGElement>): void {
    const box = event.currentTarget.getBoundingClientRect();
    const index = Math.round(x.invert(((event.clientX - box.left) / box.width) * width));
    onPoint(Math.min(line.points.length - 1, Math.max(0, index)));
  }

  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      aria-hidden="true"
      focusable="false"
      onPointerMove={pointAt}
      onPointerDown={pointAt}
    >
      <Axes line={line} x={x} y={y} tickCount={tickCount} right={right} bottom={bottom} />
      <AreaClosed {...shape} yScale={y} className={styles.area} />
      <LinePath {...shape} className={styles.line} />
      {lone.map((point) => (
        <circle key={point.index} className={styles.dot} cx={shape.x(point)} cy={shape.y(point)} r={3} />
      ))}
      <ActivePoint line={line} index={activeIndex} x={x} y={y} bottom={bottom} />
    </svg>
  );
}

type AxesProps = { line: Line; x: Scale; y: Scale; tickCount: number; right: number; bottom: number };

function Axes({ line, x, y, tickCount, right, bottom }: AxesProps) {
  const { formatShortPercent, formatCompact } = useLocale();
  const format = line.isRate ? formatShortPercent : formatCompact;
  return (
    <>
      {y.ticks(tickCount).map((tick) => (
        <line key={tick} className={styles.grid} x1={margin.left} x2={right} y1={y(tick)} y2={y(tick)} />
      ))}
      <AxisLeft
        left={margin.left}
        scale={y}
        numTicks={tickCount}
        tickFormat={(value) => format(Number(value))}
        tickLabelProps={{ ...tickText, dx: -4, dy: 4, textAnchor: "end" }}
        hideAxisLine
        hideTicks
      />
      <AxisBottom
        top={bottom}
        scale={x}
        tickValues={listTicks(line.points.length, Math.floor((right - margin.left) / tickWidth))}
        tickFormat={(value) => line.points[Number(value)]?.tick ?? ""}
        tickLabelProps={{ ...tickText, dy: 2, textAnchor: "middle" }}
        hideAxisLine
        hideTicks
      />
    </>
  );
}

type ActivePointProps = {
  line: Line;
  index: number | null;
  x: Scale;
  y: Scale;
  bottom: number;
};

function ActivePoint({ line, index, x, y, bottom }: ActivePointProps) {
  if (index === null) return null;
  const value = line.points[index]?.value ?? null;
  return (
    <Group className={styles.active} left={x(index)}>
      <line y1={margin.top} y2={bottom} />
      {value !== null && <circle cy={y(value)} r={4.5} />}
    </Group>
  );
}

/** Indices of at most `most` points, evenly apart, the last one included. */
function listTicks(points: number, most: number): number[] {
  const apart = Math.max(1, Math.ceil(points / Math.max(1, most)));
  return Array.from({ length: points }, (_, index) => index).filter((index) => (points - 1 - index) % apart === 0);
}
