import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { takeTurn } from "~/http/turn.server";

// By the clock of the test: each of these would take seconds.

const never = new Promise<never>(() => undefined);
const { signal } = new AbortController();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Begins so many pages that wait for something that never comes. Returns how many have begun. */
function beginStuck(count: number): () => number {
  let begun = 0;
  for (let index = 0; index < count; index += 1) {
    void takeTurn("page", signal, () => {
      begun += 1;
      return never;
    });
  }
  return () => begun;
}

/** Until no more of them begin, whatever rounds of the event loop that takes. */
async function countBegun(begun: () => number): Promise<number> {
  let before: number;
  do {
    before = begun();
    for (let round = 0; round < 10; round += 1) await new Promise(setImmediate);
  } while (begun() !== before);
  return before;
}

test("few pages are at work together, and one that waits for others makes room for the next", async () => {
  const begun = beginStuck(10);
  const width = await countBegun(begun);
  expect(width).toBeGreaterThan(0);
  expect(width).toBeLessThan(10);
  vi.advanceTimersByTime(1_000);
  expect(await countBegun(begun)).toBe(Math.min(10, 2 * width));
  while ((await countBegun(begun)) < 10) vi.advanceTimersByTime(1_000);
  vi.advanceTimersByTime(1_000);
});

test("what waits for nobody begins whatever waits", async () => {
  const begun = beginStuck(10);
  expect(await takeTurn(null, signal, async () => "done")).toBe("done");
  expect(await takeTurn("data", signal, async () => "done")).toBe("done");
  while ((await countBegun(begun)) < 10) vi.advanceTimersByTime(1_000);
  vi.advanceTimersByTime(1_000);
});

test("a page whose turn does not come in time is not begun", async () => {
  const begun = beginStuck(200);
  await countBegun(begun);
  const late = takeTurn("page", signal, async () => "begun");
  vi.advanceTimersByTime(20_000);
  expect(await late).toBe(null);
  const inTime = await countBegun(begun);
  expect(inTime).toBeLessThan(200);
  vi.advanceTimersByTime(60_000);
  expect(await takeTurn("page", signal, async () => "begun")).toBe("begun");
  expect(await countBegun(begun)).toBe(inTime);
});

test("a page whose caller has left is not begun", async () => {
  expect(await takeTurn("page", AbortSignal.abort(), async () => "begun")).toBe(null);
});
