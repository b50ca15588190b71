import { afterEach, expect, test, vi } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import * as healthRoute from "~/routes/healthz";
import { call } from "../support/call";
import { dayMs, moveProcessClock } from "../support/clocks";
import { addRequest, at, makeShop } from "../support/shops";

// The database's clock times the ledger and the change log, so it alone can say how old something in them is.

afterEach(() => {
  vi.useRealTimers();
});

test.for([-1, 7])("a process that is %d days off tells a rebuild's time as it is", async (days) => {
  const { id } = await db.rollupRun.create({
    data: {
      kind: "rebuild",
      trigger: "operator",
      fromDate: at("2026-05-01"),
      toDate: at("2026-05-31"),
      done: 1,
      total: 2,
    },
  });
  moveProcessClock(days);
  const etaMs = (await rollup.getRebuild(id))?.etaMs ?? -1;
  expect(etaMs).toBeGreaterThanOrEqual(0);
  expect(etaMs).toBeLessThan(dayMs / 24);
});

test.for([-1, 7])("a process that is %d days off takes no young mark for an old one", async (days) => {
  await addRequest(await makeShop(), { sentAt: at("2026-05-01") });
  moveProcessClock(days);
  expect((await call(healthRoute, "/healthz")).status).toBe(200);
});
