import { afterEach, describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import * as rebuildRoute from "~/routes/jobs.rebuild";
import { settleSweeps } from "~/services/rollup/jobs/sweep-worker.server";
import { call, operator } from "./support/call";
import { holdRebuild } from "./support/held-sweep";
import { expectRefused } from "./support/refusal";
import { makeShop } from "./support/shops";

const range = { fromDate: "2026-01-01", toDate: "2026-01-31" };

function post(body: BodyInit): Promise<Response> {
  return call(rebuildRoute, "/jobs/rebuild", { method: "POST", headers: operator, body });
}

afterEach(async () => {
  await settleSweeps(rollup.engine);
  await db.rollupRun.deleteMany();
});

describe("a rebuild that overlaps a running one", () => {
  test("is refused where shops and days meet, by an end too", async () => {
    const shop = await makeShop();
    const runId = await holdRebuild({ shopId: shop.id, from: "2026-01-31", to: "2026-02-10" });
    for (const body of [
      { ...range, shopId: shop.id },
      { fromDate: "2026-02-10", toDate: "2026-02-10", shopId: shop.id },
      { fromDate: "2026-01-01", toDate: "2026-12-31" },
    ]) {
      await expectRefused(() => post(JSON.stringify(body)), {
        status: 409,
        code: "overlap",
        issues: [{ field: "fromDate", value: body.fromDate, allowed: new RegExp(runId) }],
      });
    }
  });

  test("is refused for one shop while all shops are rebuilt", async () => {
    const shop = await makeShop();
    await holdRebuild({ from: "2026-01-01", to: "2026-01-01" });
    const response = await post(JSON.stringify({ ...range, shopId: shop.id }));
    expect(response.status).toBe(409);
  });

  test("is accepted for another shop, for other days and for a dry run", async () => {
    const [shop, other] = [await makeShop(), await makeShop()];
    await holdRebuild({ shopId: shop.id, from: "2026-01-01", to: "2026-01-31" });
    for (const body of [
      { ...range, shopId: other.id },
      { fromDate: "2025-12-01", toDate: "2025-12-31", shopId: shop.id },
      { fromDate: "2026-02-01", toDate: "2026-02-28", shopId: shop.id },
      { ...range, shopId: shop.id, dryRun: true },
    ]) {
      expect((await post(JSON.stringify(body))).status).toBe(202);
    }
  });

  test("of two at once one is accepted", async () => {
    const responses = await Promise.all([1, 2, 3].map(() => post(JSON.stringify({ ...range, dryRun: false }))));
    const codes = responses.map((response) => response.status);
    // A rebuild of next to nothing may have ended before the next call comes in.
    expect(codes).toContain(202);
    expect(codes.filter((code) => code !== 202 && code !== 409)).toEqual([]);
  });
});
