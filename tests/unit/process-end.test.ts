import { expect, test, vi } from "vitest";

test("a reloaded module takes away the listeners that the one before had added", async () => {
  const count = () => [process.listenerCount("SIGTERM"), process.listenerCount("SIGINT")];
  const before = count();
  const load = () => import("~/services/rollup/jobs/process-end");
  const first = await load();
  vi.resetModules();
  const second = await load();
  expect(second).not.toBe(first);
  first.stopAtEnd("daily", async () => undefined);
  second.stopAtEnd("daily", async () => undefined);
  expect(count()).toEqual(before.map((listeners) => listeners + 1));
  second.forgetEnd("daily");
  expect(count()).toEqual(before);
});
