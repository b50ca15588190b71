import type { Frame, Page } from "@playwright/test";

/** What a page's own window measured. Times in ms, bytes as they came over the wire. */
export type Figures = {
  lcpMs: number;
  cls: number;
  shifted: string[];
  scripts: { name: string; bytes: number }[];
  scriptBytes: number;
};

/** Reads the figures that the browser has kept since the page began to load. */
export async function readFigures(frame: Frame): Promise<Figures> {
  const figures = await frame.evaluate(async () => {
    type Source = { node: Node | null; previousRect: DOMRectReadOnly; currentRect: DOMRectReadOnly };
    type Shift = PerformanceEntry & { value: number; hadRecentInput: boolean; sources: Source[] };
    /** Observers give what is past in their first call, and none where there was nothing. */
    function list(type: string): Promise<PerformanceEntry[]> {
      return new Promise((resolve) => {
        new PerformanceObserver((entries) => resolve(entries.getEntries())).observe({ type, buffered: true });
        setTimeout(() => resolve([]), 500);
      });
    }
    const paints = await list("largest-contentful-paint");
    const shifts = ((await list("layout-shift")) as Shift[]).filter(({ hadRecentInput }) => !hadRecentInput);
    const toPlace = ({ x, y, width, height }: DOMRectReadOnly) => [x, y, width, height].map(Math.round).join(" ");
    const resources = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
    return {
      lcpMs: paints.at(-1)?.startTime ?? Number.NaN,
      cls: shifts.reduce((sum, { value }) => sum + value, 0),
      /** What moved, from where to where. */
      shifted: shifts.flatMap(({ startTime, sources }) =>
        sources.map(({ node, previousRect, currentRect }) => {
          const text = node?.textContent?.trim().slice(0, 60) ?? "what is gone";
          return `${Math.round(startTime)} ms: "${text}" from ${toPlace(previousRect)} to ${toPlace(currentRect)}`;
        }),
      ),
      scripts: resources
        .filter(({ name }) => new URL(name).pathname.endsWith(".js"))
        .map(({ name, transferSize }) => ({ name: new URL(name).pathname, bytes: transferSize })),
    };
  });
  return { ...figures, scriptBytes: figures.scripts.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/**
 * The longest time from an input to the next frame that `interact` causes in the window, in ms and to 8 ms, as INP
 * counts it. Zero: all were under 16 ms, which the browser does not report.
 */
export async function measureDelay(page: Page, frame: Frame, interact: () => Promise<void>): Promise<number> {
  await frame.evaluate(() => {
    const delays: number[] = [];
    Object.assign(window, { delays });
    new PerformanceObserver((entries) => {
      for (const { duration } of entries.getEntries()) delays.push(duration);
    }).observe({ type: "event", durationThreshold: 16 } as PerformanceObserverInit);
  });
  await interact();
  await page.waitForTimeout(500);
  return frame.evaluate(() => Math.max(0, ...(window as unknown as { delays: number[] }).delays));
}
