import { beforeAll, expect, test } from "vitest";
import { db } from "~/db.server";
import { bypassTriggers, poison } from "../support/faults";
import { command } from "../support/program";
import { addSubmission, at, expectStoredExact, makeShop, type TestShop } from "../support/shops";

// The command line by itself, on the database of this process. Each command opens and closes it.

let shop: TestShop;

beforeAll(async () => {
  shop = await makeShop();
  for (const day of ["2026-05-01", "2026-05-02"])
    await addSubmission(shop, { submittedAt: at(day), mediaType: "video" });
});

test("run, verify, rebuild, mark and seal print what the routes answer, and end with codes that tell how it went", async () => {
  expect(await command("run", "--json")).toMatchObject({
    code: 0,
    body: { status: "ok", days: 2, rowsWritten: 2, remaining: 0, failedShops: [] },
  });
  const drift = "update testimonial_daily_analytics set video_submissions_count = 7 where date = '2026-05-02'";
  await bypassTriggers(drift);
  const may = ["--from", "2026-05-01", "--to", "2026-05-31"];
  expect(await command("rebuild", ...may, "--dry-run", "--json")).toMatchObject({
    code: 0,
    body: { status: "ok", total: 1, changed: 1, changes: [{ shopId: shop.id, metrics: ["videoSubmissionsCount"] }] },
  });
  const { stdout } = await command("rebuild", ...may, "--shop", shop.id, "--dry-run");
  expect(stdout).toMatch(/2026-05-02 {2}videoSubmissionsCount {2}7 → 1\n$/);
  // One of three days is more drift than the alert's threshold.
  expect(await command("verify", "--json")).toMatchObject({
    code: 1,
    body: { drifted: 1, driftedAfter: 0, alert: true },
  });
  await expectStoredExact(shop);
  expect(await command("verify", "--json")).toMatchObject({ code: 0, body: { drifted: 0, alert: false } });
  expect(await command("mark", "--from", "2026-05-01", "--to", "2026-05-02", "--json")).toMatchObject({
    code: 0,
    body: { shopId: null, markedDays: 2 },
  });
  expect(await command("rebuild", ...may, "--json")).toMatchObject({ code: 0, body: { status: "ok", days: 2 } });
  expect(await command("seal", "--before", "2026-05-02", "--json")).toMatchObject({
    code: 0,
    body: { status: "ok", shops: 1, days: 1 },
  });
  expect(await command("rebuild", ...may, "--json")).toMatchObject({
    code: 2,
    body: { error: { code: "sealed", message: expect.stringContaining("2026-05-02") } },
  });
  const { body } = await command("runs", "--kind", "seal", "--json");
  expect(body).toMatchObject({ runs: [{ kind: "seal", status: "ok", trigger: "operator" }], next: null });
  const { runId } = body.runs[0];
  expect(await command("runs", runId, "--json")).toMatchObject({ code: 0, body: { runId, kind: "seal" } });
  expect(await command("status", "--json")).toMatchObject({
    code: 0,
    body: { health: { ok: true }, definition: { state: "current" }, fleet: { seals: { shops: 1 }, running: [] } },
  });
});

test("a shop that fails is partial, and not ok until it is mended", async () => {
  await addSubmission(shop, { submittedAt: at("2026-05-03") });
  const heal = await poison(shop);
  expect(await command("run")).toMatchObject({
    code: 3,
    stdout: expect.stringMatching(
      /^1 run, partial, .*\n1 shop failed:\n {2}shop-\S+: .*poisoned on purpose\nLeft: 1 marked day\.\n$/,
    ),
  });
  expect(await command("status")).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^failing shops +1, the first since .*\n {2}shop-\S+ since .*poisoned on purpose/m),
  });
  await heal();
  expect(await command("run")).toMatchObject({ code: 0 });
  expect(await command("status")).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ok\n/) });
});

test("the doctor tells what is missing in the database, with the SQL that mends it", async () => {
  await db.$executeRawUnsafe("drop view testimonial_daily_analytics_exact");
  await db.$executeRawUnsafe("drop trigger rollup_mark_on_delete on testimonial_submissions");
  await db.$executeRawUnsafe("drop index testimonial_submissions_shop_id_submitted_at_idx");
  await db.$executeRawUnsafe("alter function rollup_mark_requests() security invoker");
  const { code, body } = await command("doctor", "--json");
  const found = body.findings.filter(
    ({ level, mend }: { level: string; mend: object[] }) => level !== "ok" && mend.length > 0,
  );
  expect([code, body.ok, found.map(({ check, level }: Record<string, string>) => `${check}: ${level}`)]).toEqual([
    1,
    false,
    ["triggers of testimonial_submissions: problem", "trigger functions: problem", "indexes: warning", "view: problem"],
  ]);
  for (const { sql } of found.flatMap(({ mend }: { mend: { sql?: string }[] }) => mend)) {
    if (sql) await db.$executeRawUnsafe(sql);
  }
  const mended = await command("doctor", "--json");
  expect([mended.code, mended.body.ok]).toEqual([0, true]);
});
