import { afterEach, beforeEach, expect, test } from "vitest";
import { hammer, printTally, type Tally, times } from "../../support/hammer/hammer";
import {
  makeLateTakingRecount,
  makeUnlockedRecount,
  mergeMarks,
  type Recount,
  recountByApp,
  resolveAtWriteTime,
} from "../../support/hammer/mutants";
import { makeReader } from "../../support/hammer/reader";
import { makeRounds } from "../../support/hammer/rounds";
import { slowWrites } from "../../support/hammer/slow-writes";
import { daysAgo, endWorld, makeWorld, type World } from "../../support/hammer/world";

// Tests of the hammer: with one rule of the recount switched off it must find a wrong read, and none with all of them on.

let world: World;
let cures: (() => Promise<void>)[] = [];

beforeEach(async () => {
  world = await makeWorld({ shops: 2, days: [9, 8].map(daysAgo), requests: 24 });
  cures = [await slowWrites()];
});

afterEach(async () => {
  await endWorld();
  for (const cure of cures) await cure();
});

async function hammerRecount(title: string, recount: Recount, forMs: number): Promise<Tally> {
  const startedAt = performance.now();
  const tally = await hammer({
    workers: [
      ...makeRounds(world, recount, { writers: 6, clickers: 2, recounts: 4 }),
      ...times(3, () => makeReader(world)),
    ],
    forMs,
    stopsAtDifference: true,
  });
  printTally(title, tally, { ms: Math.round(performance.now() - startedAt) });
  return tally;
}

test("with all rules on the hammer finds nothing", async () => {
  expect((await hammerRecount("All rules on", recountByApp, 60_000)).differences).toEqual([]);
});

test("without the lock on the shop it finds a wrong read", async () => {
  const recount = await makeUnlockedRecount();
  expect((await hammerRecount("No lock", recount, 120_000)).differences).not.toEqual([]);
});

test("with marks taken after the count it finds a wrong read", async () => {
  const recount = await makeLateTakingRecount();
  expect((await hammerRecount("Marks taken late", recount, 120_000)).differences).not.toEqual([]);
});

test("with marks of a day merged into one it finds a wrong read", async () => {
  cures.push(await mergeMarks());
  expect((await hammerRecount("Merged marks", recountByApp, 120_000)).differences).not.toEqual([]);
});

test("with marked requests resolved by their writers it finds a wrong read", async () => {
  cures.push(await resolveAtWriteTime());
  expect((await hammerRecount("Resolved at write time", recountByApp, 120_000)).differences).not.toEqual([]);
});
