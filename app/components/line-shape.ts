import { scaleLinear } from "@visx/scale";
import { line } from "@visx/shape";
import type { Point } from "~/report/figure";

/** From a point's index or value to where it is drawn. */
export type Scale = ReturnType<typeof scaleLinear<number>>;

/** Width and height of a drawing in its own units. It is stretched to its box: whole units are exact enough. */
export const extent = 1000;

/**
 * A line as paths; an empty one draws nothing. `solid` joins the points that stay, `dashed` leads to and from those that can
 * still change or are of fewer days. `dots` and `openDots`: points between two gaps, through which no line goes. `area`: what is below the line.
 */
export type LineShape = { solid: string; dashed: string; dots: string; openDots: string; area: string };

type Placed = { x: number; y: number; isOpen: boolean };

const toPath = line<Placed>({ x: ({ x }) => x, y: ({ y }) => y });

/** From an index to where it is drawn, over the whole width. A point by itself is in the middle. */
export function toX(pointCount: number): Scale {
  return scaleLinear({ domain: pointCount === 1 ? [-1, 1] : [0, pointCount - 1], range: [0, extent], round: true });
}

/** The paths of the points at these scales. */
export function toLineShape(points: Pick<Point, "value" | "isOpen">[], x: Scale, y: Scale): LineShape {
  const runs = toRuns(points, x, y);
  const lines = runs.filter((run) => run.length > 1);
  const lone = runs.filter((run) => run.length === 1).flat();
  return {
    solid: lines.flatMap((run) => listStretches(run, false).map(toLinePath)).join(""),
    dashed: lines.flatMap((run) => listStretches(run, true).map(toLinePath)).join(""),
    dots: toDotsPath(lone.filter(({ isOpen }) => !isOpen)),
    openDots: toDotsPath(lone.filter(({ isOpen }) => isOpen)),
    area: lines.map((run) => toAreaPath(run, y(0))).join(""),
  };
}

/** The points with values, apart wherever there is a gap between them. */
function toRuns(points: Pick<Point, "value" | "isOpen">[], x: Scale, y: Scale): Placed[][] {
  const runs: Placed[][] = [[]];
  for (const [index, { value, isOpen }] of points.entries()) {
    if (value === null) runs.push([]);
    else runs.at(-1)?.push({ x: x(index), y: y(value), isOpen });
  }
  return runs;
}

/** The parts of a run in which each segment has an open end, or in which none has. */
function listStretches(run: Placed[], isOpen: boolean): Placed[][] {
  const stretches: Placed[][] = [];
  for (const [index, point] of run.entries()) {
    const next = run[index + 1];
    if (!next || (point.isOpen || next.isOpen) !== isOpen) continue;
    const last = stretches.at(-1);
    if (last?.at(-1) === point) last.push(next);
    else stretches.push([point, next]);
  }
  return stretches;
}

function toLinePath(run: Placed[]): string {
  return run.length > 1 ? (toPath(run) ?? "") : "";
}

function toAreaPath(run: Placed[], floor: number): string {
  return `${toLinePath(run)}V${floor}H${run[0]?.x}Z`;
}

/** Lines of no length, whose round ends are the dots: a circle would be stretched with the drawing. */
function toDotsPath(points: Placed[]): string {
  return points.map(({ x, y }) => `M${x},${y}h0`).join("");
}
