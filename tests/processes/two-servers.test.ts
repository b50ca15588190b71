import { expect, test } from "vitest";
import { postRollup } from "../support/http";
import { listDifferences, seedShops } from "../support/plain-sql";
import { makeServerDatabase } from "../support/process-databases";
import { startServer } from "../support/server-process";
import { waitFor } from "../support/wait";

async function startTwo(env: Record<string, string>) {
  return Promise.all([startServer(env), startServer(env)]);
}

test("runs in two servers at once all succeed and leave the table right", async () => {
  const { url, query } = await makeServerDatabase();
  await seedShops(query, 9);
  const [first, second] = await startTwo({ DATABASE_URL: url, ROLLUP_BATCH_SHOPS: "2", ROLLUP_BATCH_DAYS: "25" });

  const answers = await Promise.all([first, second, first, second].map(postRollup));
  expect(answers.map((answer) => [answer.status, answer.body.status])).toEqual(answers.map(() => [200, "ok"]));
  const last = await postRollup(first);
  expect(last.body).toMatchObject({ rowsWritten: 0, rowsDeleted: 0, remaining: 0 });
  expect(await listDifferences(query)).toEqual([]);
});

test("of two servers with one schedule one runs each tick, and what is marked is settled by itself", async () => {
  const { url, query } = await makeServerDatabase();
  await seedShops(query, 2);
  const servers = await startTwo({ DATABASE_URL: url, ROLLUP_CRON: "* * * * * *" });
  await waitFor("six ticks to end", async () => {
    const runs = await query("select from rollup_runs where trigger = 'schedule' and status = 'ok'");
    return runs.length >= 6;
  });
  for (const server of servers) expect(await server.kill("SIGTERM")).toBe(0);

  const runs = await query<{ id: string; slot: string; status: string; seconds: number }>(`
select id, slot, status, abs(extract(epoch from started_at - (substr(slot, 8))::timestamp))::float as seconds
from rollup_runs order by slot`);
  expect(runs.map(({ status }) => status)).toEqual(runs.map(() => "ok"));
  expect(new Set(runs.map(({ slot }) => slot)).size).toBe(runs.length);
  for (const { slot, seconds } of runs) {
    expect(slot).toMatch(/^rollup \d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);
    expect(seconds, "the slot is the tick's own second, not that of the process").toBeLessThan(15);
  }
  const log = servers.map((server) => server.output()).join("");
  for (const { id } of runs) expect(log.split(`"runId":"${id}"`), "one line for each run").toHaveLength(2);
  expect(await listDifferences(query)).toEqual([]);
});
