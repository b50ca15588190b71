import { afterAll, beforeAll, expect, test } from "vitest";
import type { OwnServer } from "../setup/server";
import { crashDatabase, cutConnection, type Fault, killServer, terminateBackend } from "../support/gate/faults";
import { expectUnharmed } from "../support/gate/hit";
import { getPoint, type Point } from "../support/gate/points";
import { makeScene, startDatabase } from "../support/gate/scene";

// A few of all faults at all points, which tests/deep has.

let database: OwnServer;

beforeAll(async () => {
  database = await startDatabase();
});

afterAll(() => database?.close());

const hits: [Point, Fault][] = [
  [getPoint("run", "before", "the recount"), killServer],
  [getPoint("run", "after", "the commit of the recount"), crashDatabase],
  [getPoint("rebuild", "after", "the commit of a shop"), cutConnection],
  [getPoint("seal", "before", "the seal"), terminateBackend],
];

test.each(hits.map(([point, fault]) => [point.action, fault.name, point.moment, point.name, point, fault] as const))(
  "a %s survives %s %s %s",
  async (_action, _fault, _moment, _name, point, fault) => {
    expect(fault.canHit(point)).toBe(true);
    await expectUnharmed(await makeScene(database), point, fault);
  },
);
