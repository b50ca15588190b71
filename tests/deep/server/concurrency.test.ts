import { test, vi } from "vitest";
import { hammerApp } from "../../support/hammer/whole-app";

// Small batches, so that runs meet in the middle of each other's work.
vi.hoisted(() => Object.assign(process.env, { ROLLUP_BATCH_SHOPS: "3", ROLLUP_BATCH_DAYS: "4" }));

test("a minute beside eight writers leaves no read wrong, no false drift and no deadlock", async () => {
  await hammerApp(60_000);
});
