import { expect } from "vitest";
import { makeAppWorkers } from "./app-workers";
import { makeClicker } from "./clicker";
import { hammer, printTally, times } from "./hammer";
import { makeReader } from "./reader";
import { countDeadlocks, expectSettled } from "./settle";
import { daysAgo, makeWorld } from "./world";
import { makeWriter } from "./writer";

/** Hammers the app for `forMs` with ten writers and three readers, and asserts that nothing was ever wrong. */
export async function hammerApp(forMs: number): Promise<void> {
  const world = await makeWorld({ shops: 10, days: [40, 9, 8, 1, 0].map(daysAgo), requests: 80 });
  const tally = await hammer({
    workers: [
      ...times(8, () => makeWriter(world)),
      ...times(2, () => makeClicker(world)),
      ...times(3, () => makeReader(world)),
      ...makeAppWorkers(world),
    ],
    forMs,
  });
  await expectSettled(world);
  const deadlocks = await countDeadlocks();
  printTally(`Hammered for ${forMs / 1_000} s`, tally, { deadlocks });
  expect(tally.differences).toEqual([]);
  expect(deadlocks).toBe(0);
  const worked = [...Object.values(tally.committed), tally.rolledBack, tally.reads, ...Object.values(tally.turns)];
  expect(worked).toHaveLength(9);
  expect(Math.min(...worked)).toBeGreaterThan(0);
}
