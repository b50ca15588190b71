import { test, vi } from "vitest";
import { hammerApp } from "../support/hammer/whole-app";

// Small batches, so that runs meet in the middle of each other's work.
vi.hoisted(() => Object.assign(process.env, { ROLLUP_BATCH_SHOPS: "3", ROLLUP_BATCH_DAYS: "4" }));

test("beside eight writers, runs, a rebuild and verifications every read is exact and nothing deadlocks", async () => {
  await hammerApp(8_000);
}, 60_000);
