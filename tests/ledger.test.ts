import { beforeEach, expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import type { Day } from "~/services/rollup/day";

const retentionDays = 90;

function daysAgo(days: number): Date {
  return new Date(Date.now() - days * 86_400_000);
}

/** Runs the rollup and lists the runs of before that are still in the ledger. */
async function runAndList(): Promise<string[]> {
  const run = await rollup.run({ trigger: "operator", today: "2026-03-01" as Day });
  const rows = await db.rollupRun.findMany({ where: { NOT: { id: run?.runId } }, orderBy: { id: "asc" } });
  return rows.map((row) => row.id);
}

beforeEach(async () => {
  await db.rollupRun.deleteMany();
});

test("a run drops ended runs of every kind that are older than the retention, and no other", async () => {
  const young = { trigger: "cron", status: "ok", startedAt: daysAgo(retentionDays - 1) };
  const old = { trigger: "cron", status: "failed", startedAt: daysAgo(retentionDays + 1) };
  await db.rollupRun.createMany({
    data: [
      { ...young, id: "young", kind: "rollup" },
      { ...young, id: "young verify", kind: "verify" },
      { ...old, id: "running rebuild", kind: "rebuild", status: "running", leaseUntil: daysAgo(-1) },
      { ...old, id: "failed", kind: "rollup" },
      { ...old, id: "verify", kind: "verify", status: "ok" },
      { ...old, id: "rebuild", kind: "rebuild", status: "cancelled" },
    ],
  });
  expect(await runAndList()).toEqual(["running rebuild", "young", "young verify"]);
});

test("the last run that did its work stays however old it is, until another one has", async () => {
  const old = { kind: "rollup", trigger: "cron" };
  await db.rollupRun.createMany({
    data: [
      { ...old, id: "first", status: "ok", startedAt: daysAgo(400) },
      { ...old, id: "last", status: "partial", startedAt: daysAgo(300) },
      { ...old, id: "failed", status: "failed", startedAt: daysAgo(200) },
    ],
  });
  expect(await runAndList()).toEqual(["last"]);
  expect(await runAndList()).not.toContain("last");
});

test("a ledger that grew for years shrinks by a thousand runs at a time, the oldest first", async () => {
  const data = Array.from({ length: 1_002 }, (_, index) => ({
    ...{ kind: "rollup", trigger: "cron", status: "failed" },
    id: `${1_000 + index}`,
    startedAt: daysAgo(2_000 - index / 10),
  }));
  await db.rollupRun.createMany({ data });
  expect(await runAndList()).toEqual(["2000", "2001"]);
});
