import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OwnServer } from "../../setup/server";
import { faults } from "../../support/gate/faults";
import { expectUnharmed } from "../../support/gate/hit";
import { points } from "../../support/gate/points";
import { makeScene, startDatabase } from "../../support/gate/scene";

let database: OwnServer;
const hits = new Map(faults.map(({ name }) => [name, 0]));

beforeAll(async () => {
  database = await startDatabase();
});

afterAll(async () => {
  await database?.close();
  const figures = [...hits].map(([name, count]) => `${count} of ${name}`);
  process.stdout.write(`Faults at ${points.length} points: ${figures.join(", ")}; differences 0\n`);
});

describe.each(["run", "rebuild", "verify", "seal", "redact"] as const)("a %s", (action) => {
  const own = points.filter((point) => point.action === action);
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
