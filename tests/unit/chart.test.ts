import { scaleLinear } from "@visx/scale";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { toLineShape, toX } from "~/components/line-shape";
import { listLabels } from "~/components/plot-axes";
import { SparkLine } from "~/components/spark-line";
import { TrendChart } from "~/components/trend-chart";
import type { Line, Point } from "~/report/figure";

/** Points of the values; those of the last `open` are of days that are not over. Their labels are "day 1", "day 2"... */
function makePoints(values: (number | null)[], open = 0, day = "day"): Point[] {
  return values.map((value, index) => ({
    from: `${day} ${index + 1}`,
    to: `${day} ${index + 1}`,
    label: `${day} ${index + 1}`,
    tick: `${index + 1}`,
    value,
    text: value === null ? "–" : String(value),
    isOpen: index >= values.length - open,
  }));
}

/** The same, open where the pattern has an "o". A dot in it is a gap. */
function makePattern(pattern: string): Point[] {
  const points = makePoints([...pattern].map((mark, index) => (mark === "." ? null : index)));
  return points.map((point, index) => ({ ...point, isOpen: pattern[index] === "o" }));
}

function makeLine(points: Point[], before: Point[] | null = null): Line {
  const compared = before && { label: "Days before", points: before };
  return { key: "sent", label: "Sent", says: "What is sent.", isRate: false, points, before: compared };
}

function drawChart(line: Line): string {
  return renderToStaticMarkup(createElement(TrendChart, { line, unit: "day" }));
}

/** The d of each path, by the first class that says what it is. Paths of the days compared with begin with "before". */
function readPaths(html: string): [kind: string, path: string][] {
  const start = html.indexOf("<g ");
  const end = html.indexOf("</g>");
  return [...html.matchAll(/<path class="([^"]*)" d="([^"]*)"/g)].map(({ index, 1: names = "", 2: path = "" }) => {
    const kind = ["open", "line", "loneDot", "hole", "area", "grid"].find((name) => names.includes(name));
    return [`${index > start && index < end ? "before " : ""}${kind}`, path];
  });
}

describe("a line's shape", () => {
  // One unit a point, and a unit upwards for each of the value.
  const x = scaleLinear<number>({ domain: [0, 1], range: [0, 1] });
  const y = scaleLinear<number>({ domain: [0, 10], range: [10, 0] });
  const empty = { solid: "", dashed: "", dots: "", openDots: "", area: "" };

  test.each<[string, Point[], Partial<typeof empty>]>([
    ["days that are over", makePoints([1, 2, 3]), { solid: "M0,9L1,8L2,7", area: "M0,9L1,8L2,7V10H0Z" }],
    [
      "a last day that is not over",
      makePoints([1, 2, 3], 1),
      { solid: "M0,9L1,8", dashed: "M1,8L2,7", area: "M0,9L1,8L2,7V10H0Z" },
    ],
    ["one day over and one not", makePoints([1, 2], 1), { dashed: "M0,9L1,8", area: "M0,9L1,8V10H0Z" }],
    [
      "more than one that is not over",
      makePoints([1, 2, 3, 4], 2),
      { solid: "M0,9L1,8", dashed: "M1,8L2,7L3,6", area: "M0,9L1,8L2,7L3,6V10H0Z" },
    ],
    ["none that is over", makePoints([1, 2], 2), { dashed: "M0,9L1,8", area: "M0,9L1,8V10H0Z" }],
    [
      "an open day after a gap",
      makePoints([1, 2, null, 3], 1),
      { solid: "M0,9L1,8", openDots: "M3,7h0", area: "M0,9L1,8V10H0Z" },
    ],
    ["an open day without a value", makePoints([1, 2, null], 1), { solid: "M0,9L1,8", area: "M0,9L1,8V10H0Z" }],
    ["an open day by itself", makePoints([3], 1), { openDots: "M0,7h0" }],
    [
      "gaps all around",
      makePoints([1, null, 0, null, 2, 3, null, 4]),
      { solid: "M4,8L5,7", dots: "M0,9h0M2,10h0M7,6h0", area: "M4,8L5,7V10H4Z" },
    ],
    [
      "a first that is open",
      makePattern("o--"),
      { solid: "M1,9L2,8", dashed: "M0,10L1,9", area: "M0,10L1,9L2,8V10H0Z" },
    ],
    [
      "two that are open at the start",
      makePattern("oo--"),
      { solid: "M2,8L3,7", dashed: "M0,10L1,9L2,8", area: "M0,10L1,9L2,8L3,7V10H0Z" },
    ],
    [
      "one that is open between others",
      makePattern("--o--"),
      { solid: "M0,10L1,9M3,7L4,6", dashed: "M1,9L2,8L3,7", area: "M0,10L1,9L2,8L3,7L4,6V10H0Z" },
    ],
    [
      "a first and a last that are open",
      makePattern("o---o"),
      { solid: "M1,9L2,8L3,7", dashed: "M0,10L1,9M3,7L4,6", area: "M0,10L1,9L2,8L3,7L4,6V10H0Z" },
    ],
    ["both ends open and none between", makePattern("o-o"), { dashed: "M0,10L1,9L2,8", area: "M0,10L1,9L2,8V10H0Z" }],
    [
      "an open one before a gap",
      makePattern("o.--"),
      { solid: "M2,8L3,7", openDots: "M0,10h0", area: "M2,8L3,7V10H2Z" },
    ],
    ["nothing but gaps", makePoints([null, null], 1), {}],
    ["no days", [], {}],
  ])("of %s is dashed to what is not over, and a dot where no line goes", (_name, points, expected) => {
    expect(toLineShape(points, x, y)).toEqual({ ...empty, ...expected });
  });

  test("is in whole units from edge to edge, and one point is in the middle", () => {
    expect([0, 1, 2, 3].map(toX(4))).toEqual([0, 333, 667, 1_000]);
    expect(toX(1)(0)).toBe(500);
  });
});

describe("the chart", () => {
  test("draws the days compared with below the others, dashed and ended where they are, on one axis of values", () => {
    const html = drawChart(makeLine(makePoints([0, 10, 5], 1), makePoints([20, null, 10, 20], 1).slice(0, 3)));
    expect(html.match(/<svg/g)).toHaveLength(1);
    expect(readPaths(html)).toEqual([
      ["grid", "M0,1000H1000M0,750H1000M0,500H1000M0,250H1000M0,0H1000"],
      ["before loneDot", "M0,0h0M1000,500h0"],
      ["line", "M0,1000L500,500"],
      ["open", "M500,500L1000,750"],
    ]);
    const shorter = drawChart(makeLine(makePoints([0, 10, 20]), makePoints([20, 10], 1)));
    expect(readPaths(shorter).slice(1)).toEqual([
      ["before open", "M0,0L500,500"],
      ["line", "M0,1000L500,500L1000,0"],
    ]);
  });

  test("says both days and both values, in its readout, to screen readers, and which line is which", () => {
    const html = drawChart(makeLine(makePoints([1, 1_234]), makePoints([7, 1_100], 0, "earlier day")));
    const text = html.replaceAll(/<[^>]+>/g, "|").replaceAll(/\|+/g, "|");
    expect(text).toContain("|These days|Days before|1234| |day 2|before: 1100, earlier day 2|");
    expect(html).toContain('aria-valuetext="day 2: 1234; before: 1100, earlier day 2"');
  });

  test("says nothing of days before where it is compared with none, or where they have ended", () => {
    const alone = drawChart(makeLine(makePoints([1, 2], 1)));
    expect(alone).not.toMatch(/before/i);
    expect(readPaths(alone).map(([kind]) => kind)).toEqual(["grid", "area", "open"]);
    const ended = drawChart(makeLine(makePoints([1, 2]), makePoints([3])));
    expect(ended).toContain('aria-valuetext="day 2: 2"');
    expect(ended).not.toContain("before:");
  });

  test("of a year beside another one is small", () => {
    const values = (seed: number) => Array.from({ length: 366 }, (_, index) => (index * seed) % 977);
    const [points, before] = [makePoints(values(331), 1), makePoints(values(547))];
    expect(drawChart(makeLine(points, before)).length).toBeLessThan(12_000);
    expect(drawChart(makeLine(points)).length).toBeLessThan(12_000);
  });

  test("has no row of its table until that is opened", () => {
    const html = drawChart(makeLine(makePoints([1, 2])));
    expect(html).toMatch(/<details[^>]*><summary>The same as a table<\/summary><\/details>/);
  });
});

test("a small line is dashed and hollow as the large one is, and shows a day by itself as a dot", () => {
  const draw = (points: Point[]) =>
    readPaths(renderToStaticMarkup(createElement(SparkLine, { line: makeLine(points) })));
  const kinds = (points: Point[]) => draw(points).map(([kind]) => kind);
  expect(kinds(makePoints([1, 2, 3], 1))).toEqual(["grid", "area", "line", "open"]);
  expect(kinds(makePoints([1, 2, null, 3], 1))).toEqual(["grid", "area", "line", "loneDot", "hole"]);
  expect(draw(makePoints([3], 1)).at(-1)).toEqual(["hole", "M500,71h0"]);
  expect(kinds(makePoints([3]))).toEqual(["grid", "loneDot"]);
});

test("labels of days end with the last one, and the narrower the plot the fewer of them", () => {
  expect(listLabels(1)).toEqual([{ index: 0, from: 0 }]);
  expect(listLabels(7)).toEqual([
    { index: 0, from: 20 },
    { index: 1, from: 40 },
    { index: 2, from: 10 },
    { index: 3, from: 40 },
    { index: 4, from: 20 },
    { index: 5, from: 40 },
    { index: 6, from: 0 },
  ]);
  expect(listLabels(366).map(({ index }) => index)).toEqual([32, 69, 106, 143, 180, 217, 254, 291, 328, 365]);
});

test.each([2, 3, 7, 10, 11, 30, 90, 366, 1_000])("of %d points no two labels are closer than 6 em", (pointCount) => {
  const labels = listLabels(pointCount);
  for (const width of [10, 12, 15, 20, 30, 40, 60, 80]) {
    const shown = labels.filter(({ from }) => from <= width).map(({ index }) => (index / (pointCount - 1)) * width);
    for (const [index, place] of shown.slice(1).entries()) {
      expect(place - (shown[index] ?? 0), `${width} em`).toBeGreaterThanOrEqual(6 - 1e-9);
    }
    expect(shown.at(-1)).toBe(width);
  }
});
