import { getTasks } from "node-cron";
import { afterEach, expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import { startSchedule, stopSchedule } from "~/services/rollup/jobs/schedule.server";
import { waitFor } from "./support/wait";

const everySecond = "* * * * * *";

afterEach(() => stopSchedule(rollup.engine));

const listTaskNames = () => [...getTasks().values()].map((task) => task.name).sort();

test("the schedule holds the runs and the finalisation shortly after midnight UTC", () => {
  startSchedule(rollup.engine, everySecond);
  expect(listTaskNames()).toEqual(["finalisation", "rollup"]);
  const finalisation = [...getTasks().values()].find((task) => task.name === "finalisation");
  const next = finalisation?.getNextRun()?.toISOString();
  expect(next?.slice(11)).toBe("00:05:00.000Z");
});

test("starting it again, as a hot reload does, doubles nothing, and stopping it leaves nothing", () => {
  startSchedule(rollup.engine, everySecond);
  startSchedule(rollup.engine, everySecond);
  expect(listTaskNames()).toEqual(["finalisation", "rollup"]);
  stopSchedule(rollup.engine);
  expect(listTaskNames()).toEqual([]);
});

test("a tick runs and says so in the ledger", async () => {
  startSchedule(rollup.engine, everySecond);
  const run = await waitFor("a scheduled run", () =>
    db.rollupRun.findFirst({ where: { trigger: "schedule", status: "ok" } }),
  );
  expect(run).toMatchObject({
    kind: "rollup",
    slot: expect.stringMatching(/^rollup \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
  });
});

test("the finalisation recounts the last seven days and then verifies", async () => {
  startSchedule(rollup.engine, everySecond);
  const finalisation = [...getTasks().values()].find((task) => task.name === "finalisation");
  await finalisation?.execute();
  const runs = await db.rollupRun.findMany({
    where: { slot: { startsWith: "finalisation" } },
    orderBy: { startedAt: "asc" },
  });
  expect(runs.map((run) => [run.kind, run.status])).toEqual([
    ["rollup", "ok"],
    ["verify", "ok"],
  ]);
  const [run] = runs;
  expect((run?.toDate?.getTime() ?? 0) - (run?.fromDate?.getTime() ?? 0)).toBe(7 * 86_400_000);
});
