import type { scaleLinear } from "@visx/scale";
import type { Line } from "~/report/figure";

/** From a point's index or value to where it is drawn. */
export type Scale = ReturnType<typeof scaleLinear<number>>;

type Point = { value: number | null; index: number };

/** A line as its drawing wants it. `lone`: the points between two gaps, through which no line goes. */
export function toLineShape({ points }: Pick<Line, "points">, x: Scale, y: Scale) {
  const data: Point[] = points.map(({ value }, index) => ({ value, index }));
  const isGap = (index: number) => (data[index]?.value ?? null) === null;
  return {
    shape: {
      data,
      x: (point: Point) => x(point.index),
      y: (point: Point) => y(point.value ?? 0),
      defined: (point: Point) => point.value !== null,
    },
    lone: data.filter(({ index }) => !isGap(index) && isGap(index - 1) && isGap(index + 1)),
  };
}
