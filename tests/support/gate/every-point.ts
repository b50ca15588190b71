import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OwnServer } from "../../setup/server";
import { faults } from "./faults";
import { expectUnharmed } from "./hit";
import { type Action, points } from "./points";
import { makeScene, startDatabase } from "./scene";

/** Tests that each fault at each point of these actions does no harm. */
export function testEveryPoint(actions: readonly Action[]): void {
  const meant = points.filter((point) => actions.includes(point.action));
  const hits = new Map(faults.map(({ name }) => [name, 0]));
  let database: OwnServer;

  beforeAll(async () => {
    database = await startDatabase();
  });

  afterAll(async () => {
    await database?.close();
    const figures = [...hits].map(([name, count]) => `${count} of ${name}`);
    process.stdout.write(`Faults at ${meant.length} points: ${figures.join(", ")}; differences 0\n`);
  });

  describe.each(actions)("a %s", (action) => {
    const own = meant.filter((point) => point.action === action);
    test.each(own.map((point) => [point.moment, point.name, point] as const))(
      "survives every fault %s %s",
      async (_moment, _name, point) => {
        const scene = await makeScene(database);
        const possible = faults.filter((fault) => fault.canHit(point));
        expect(possible.length).toBeGreaterThan(3);
        for (const fault of possible) {
          await expectUnharmed(scene, point, fault).catch((error: Error) => {
            error.message = `${fault.name}: ${error.message}`;
            throw error;
          });
          hits.set(fault.name, (hits.get(fault.name) ?? 0) + 1);
        }
      },
    );
  });
}
