import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import type { Day } from "~/services/rollup/day";
import { withSession } from "../support/hammer/session";
import {
  expectInstalled,
  installOn,
  makeHost,
  makeLiveHost,
  readByViewAndOracle,
  toTestimonialInstall,
} from "../support/live-host";
import { writeAsHost } from "../support/live-writers";
import { listDifferences } from "../support/plain-sql";
import type { Query } from "../support/process-databases";

// Days are exact from the last step of an install on, though nobody stopped writing meanwhile.

test("that triggers come before the first marks is what does it: after them, a change between the two is lost", async () => {
  const write = "insert into testimonial_requests (shop_id, sent_at) values ('shop-1', '2025-08-01')";
  const installed = toTestimonialInstall();
  const isMarks = (name: string) => name === "first marks";
  const marks = installed.steps.filter(({ name }) => isMarks(name));
  const others = installed.steps.filter(({ name }) => !isMarks(name));
  const orders = [
    { steps: installed.steps, isExact: true },
    // After the column that the marks look at, and before all triggers.
    { steps: [...others.slice(0, 2), ...marks, ...others.slice(2)], isExact: false },
  ];
  for (const { steps, isExact } of orders) {
    const host = await makeLiveHost();
    let name = "";
    const onStep = async (step: { name: string }) => {
      if (isMarks(step.name)) await host.query(write);
      name = step.name;
    };
    // A trigger that is made after the marks would let them begin again.
    const forgetful = steps.map(
      (step) => ({ ...step, ...("sql" in step && { sql: forget(step.sql) }) }) as typeof step,
    );
    await installOn(host.url, { onStep, installed: { ...installed, steps: forgetful } });
    expect(name).toBe("definition");
    const { view, oracle } = await readByViewAndOracle(host.query);
    if (isExact) expect(view).toEqual(oracle);
    else expect(view).not.toEqual(oracle);
  }
});

function forget(sql: string): string {
  return sql.replace(/\ndelete from rollup_install where .*/, "");
}

test("beside writers of all isolation levels every day is exact from the last step on, and after a run", async () => {
  await withSession(async (session) => {
    await session.query("drop schema public cascade; create schema public");
    const query: Query = async (sql, values) => (await session.query(sql, values)).rows;
    await makeHost(query);
    let isOver = false;
    const writers = ["a", "b", "c", "d", "e", "f"].map((name) =>
      withSession((writer) => writeAsHost(writer, name, () => !isOver)),
    );
    const url = process.env.DATABASE_URL ?? "";
    const steps = toTestimonialInstall().steps.length;
    // Slowly, so that writers meet every step.
    const slowly = { onStep: () => sleep(100), onSlice: () => sleep(50) };
    const installed = installOn(url, { lockTimeoutMs: 500, ...slowly }).finally(async () => {
      await sleep(500);
      isOver = true;
    });
    const [lines, ...committed] = await Promise.all([installed, ...writers]);
    expect(lines.filter((line) => /^\d+\//.test(line))).toHaveLength(steps);
    expect(Math.min(...committed)).toBeGreaterThan(0);
    await expectInstalled(query);

    expect(await rollup.compareDefinition()).toBe("current");
    expect(await rollup.run({ trigger: "cron", today: "2026-06-15" as Day })).toMatchObject({
      status: "ok",
      remaining: 0,
    });
    expect(await listDifferences((sql, values = []) => db.$queryRawUnsafe(sql, ...values))).toEqual([]);
    const after = await readByViewAndOracle(query);
    expect(after.view).toEqual(after.oracle);
  });
}, 120_000);
