import { afterEach, beforeEach, expect, type MockInstance, vi } from "vitest";

// What the code has to say it says in its log. A line on the console is a warning that nobody meant to give.

let spies: MockInstance[] = [];

beforeEach(() => {
  spies = [vi.spyOn(console, "error"), vi.spyOn(console, "warn")];
});

afterEach(() => {
  const lines = spies.flatMap((spy) => spy.mock.calls);
  for (const spy of spies) spy.mockRestore();
  expect(lines, "lines on the console").toEqual([]);
});
