import { randomUUID } from "node:crypto";
import type { Prisma } from "@prisma/client";
import { expect, test } from "vitest";
import { db } from "~/db.server";
import { eraseShop } from "~/services/shop.server";
import { makeDomain } from "./support/shopify";

/** Shops whose ids sort in the order given, in any collation. */
async function addShops(count: number): Promise<{ id: string; domain: string }[]> {
  const prefix = randomUUID();
  const shops = Array.from({ length: count }, (_, index) => ({
    id: `${prefix}-${index}`,
    domain: makeDomain(),
    installedAt: new Date("2026-03-01T00:00:00Z"),
  }));
  await db.shop.createMany({ data: shops });
  return shops;
}

async function addRun(data: Partial<Prisma.RollupRunUncheckedCreateInput>): Promise<string> {
  const run = await db.rollupRun.create({
    data: { kind: "verify", trigger: "cron", status: "partial", ...data },
    select: { id: true },
  });
  return run.id;
}

function readRun(id: string) {
  return db.rollupRun.findUniqueOrThrow({ where: { id }, select: { failedShops: true, report: true, cursor: true } });
}

test("a run that names the erased shop keeps what it says of other shops, and its numbers", async () => {
  const [gone, other] = (await addShops(2)) as [{ id: string; domain: string }, { id: string; domain: string }];
  const ofGone = { shopId: gone.id, date: "2026-05-01" };
  const ofOther = { shopId: other.id, date: "2026-05-02" };
  const verify = await addRun({
    failedShops: [
      { shopId: gone.id, error: "no" },
      { shopId: other.id, error: "no" },
    ],
    report: { sample: null, drifted: 2, before: [ofGone, ofOther], after: [ofGone] },
  });
  const dryRun = await addRun({ kind: "rebuild", report: { drifted: 2, examples: [ofOther, ofGone] } });

  await db.$transaction((tx) => eraseShop(tx, gone.domain, new Date()));

  expect(await readRun(verify)).toEqual({
    cursor: null,
    failedShops: [{ shopId: other.id, error: "no" }],
    report: { sample: null, drifted: 2, before: [ofOther], after: [] },
  });
  expect(await readRun(dryRun)).toEqual({
    cursor: null,
    failedShops: [],
    report: { drifted: 2, examples: [ofOther] },
  });
});

test("a run that does not name the erased shop stays as it is", async () => {
  const [gone, other] = (await addShops(2)) as [{ id: string; domain: string }, { id: string; domain: string }];
  const run = { failedShops: [{ shopId: other.id, error: "no" }], report: { before: [] }, cursor: other.id };
  const [named, bare] = [await addRun(run), await addRun({ report: undefined })];
  await db.$transaction((tx) => eraseShop(tx, gone.domain, new Date()));
  expect(await readRun(named)).toEqual(run);
  expect(await readRun(bare)).toEqual({ failedShops: [], report: null, cursor: null });
});

test("a rebuild that had just finished the erased shop continues with the next one", async () => {
  const shops = await addShops(3);
  const [first, gone] = shops as [{ id: string; domain: string }, { id: string; domain: string }];
  const rebuild = await addRun({ kind: "rebuild", status: "ok", cursor: gone.id });
  await db.$transaction((tx) => eraseShop(tx, gone.domain, new Date()));
  expect(await readRun(rebuild)).toEqual({ failedShops: [], report: null, cursor: first.id });
});
