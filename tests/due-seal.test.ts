import { afterEach, expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import { createRollup } from "~/services/rollup";
import { addDays, toDay } from "~/services/rollup/day";
import { holdRebuild } from "./support/held-sweep";
import { readSeal } from "./support/seals";
import { addRequest, at, makeShop } from "./support/shops";

const today = toDay(new Date());
const before = addDays(today, -90);

afterEach(async () => {
  await db.shop.deleteMany();
  await db.rollupRun.deleteMany();
});

/** The same rollup as another process has it, sealing what has been over for 90 days. */
function startProcess() {
  return createRollup(rollup.definition, {
    ...rollup.engine,
    settings: { ...rollup.engine.settings, sealAfterDays: 90 },
  });
}

async function makeOldShop() {
  const shop = await makeShop();
  for (const days of [-91, -90, -1]) await addRequest(shop, { sentAt: at(addDays(today, days)) });
  return shop;
}

function listSeals() {
  return db.rollupRun.findMany({ where: { kind: "seal" }, orderBy: { startedAt: "asc" } });
}

test("the first run of a day seals what has been over for as long as the settings say, in one process alone", async () => {
  const shop = await makeOldShop();
  const [one, other] = [startProcess(), startProcess()];
  for (const process of [one, other, one]) {
    await process.run({ trigger: "cron", today });
    await process.settle();
  }
  expect(await listSeals()).toMatchObject([
    { status: "ok", trigger: "cron", slot: `seal ${before}`, done: 1, days: 1 },
  ]);
  expect(await readSeal(shop)).toEqual({ sealedUntil: before, sealedRows: 1 });
});

test("without the setting no run seals anything", async () => {
  const shop = await makeOldShop();
  await rollup.run({ trigger: "cron", today });
  await rollup.settle();
  expect(await listSeals()).toEqual([]);
  expect(await readSeal(shop)).toMatchObject({ sealedUntil: null });
});

test("one that would overlap a rebuild is left to the next run", async () => {
  const shop = await makeOldShop();
  const process = startProcess();
  const rebuildId = await holdRebuild({ from: addDays(today, -100), to: today });
  expect(await process.run({ trigger: "cron", today })).toMatchObject({ status: "ok" });
  await process.settle();
  expect(await listSeals()).toEqual([]);
  await db.rollupRun.delete({ where: { id: rebuildId } });
  await process.run({ trigger: "cron", today });
  await process.settle();
  expect(await readSeal(shop)).toMatchObject({ sealedUntil: before });
});

test.for([-200, -1, 1, 90])("a process whose clock is %d days off seals by the database's", async (days) => {
  const shop = await makeOldShop();
  const process = startProcess();
  await process.run({ trigger: "cron", today: addDays(today, days) });
  await process.settle();
  expect(await listSeals()).toMatchObject([{ status: "ok", slot: `seal ${before}`, days: 1 }]);
  expect(await readSeal(shop)).toEqual({ sealedUntil: before, sealedRows: 1 });
});
