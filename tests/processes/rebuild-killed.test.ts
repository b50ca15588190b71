import { expect, test } from "vitest";
import { getRebuild, postRebuild, untilAnswer } from "../support/http";
import { listDifferences, seededRange, seedShops } from "../support/plain-sql";
import { makeServerDatabase } from "../support/process-databases";
import { startServer } from "../support/server-process";
import { waitFor } from "../support/wait";

test("a rebuild whose server is killed in the middle ends by itself after the next start", async () => {
  const { url, query, connect } = await makeServerDatabase();
  await seedShops(query, 7);
  await query("delete from rollup_marks");
  await query(
    "insert into testimonial_daily_analytics (shop_id, date, requests_sent) values ('shop-5', '2025-12-24', 9)",
  );
  const server = await startServer({ DATABASE_URL: url });

  // The rebuild waits for this shop for as long as another transaction holds its row.
  const blocker = await connect();
  await query("insert into rollup_shops (shop_id) values ('shop-4')");
  await blocker.query("begin");
  await blocker.query("select from rollup_shops where shop_id = 'shop-4' for update");
  const { status, body: started } = await postRebuild(server, { fromDate: seededRange.from, toDate: seededRange.to });
  expect(status).toBe(202);
  const runId = started.runId as unknown as string;
  await untilAnswer(
    "the rebuild to wait for shop-4",
    () => getRebuild(server, runId),
    ({ body }) => body.done === 3,
  );

  await server.kill("SIGKILL");
  await blocker.query("rollback");
  const rows = await query(
    "select distinct shop_id from testimonial_daily_analytics where date < '2025-12-24' order by 1",
  );
  expect(rows).toEqual(["shop-1", "shop-2", "shop-3"].map((shop_id) => ({ shop_id })));

  const next = await startServer({ DATABASE_URL: url });
  const { body: ended } = await untilAnswer(
    "the end of the rebuild",
    () => getRebuild(next, runId),
    ({ body }) => body.status !== "running",
    45_000,
  );
  expect(ended).toMatchObject({ status: "ok", done: 7, total: 7, failedShops: [], rowsDeleted: 1, remaining: 0 });
  expect(await listDifferences(query)).toEqual([]);
});

test("of two servers the one that lives takes over the rebuild of the one that is killed", async () => {
  const { url, query, connect } = await makeServerDatabase();
  await seedShops(query, 3);
  await query("delete from rollup_marks");
  const [worker, other] = await Promise.all([1, 2].map(() => startServer({ DATABASE_URL: url })));
  if (!worker || !other) throw new Error("Two servers were started.");
  const blocker = await connect();
  await query("insert into rollup_shops (shop_id) values ('shop-2')");
  await blocker.query("begin");
  await blocker.query("select from rollup_shops where shop_id = 'shop-2' for update");
  const { body: started } = await postRebuild(worker, { fromDate: seededRange.from, toDate: seededRange.to });
  await waitFor("the rebuild to wait for shop-2", async () => {
    const [run] = await query<{ done: number }>("select done from rollup_runs");
    return run?.done === 1;
  });

  await worker.kill("SIGKILL");
  await blocker.query("rollback");
  const { body: ended } = await untilAnswer(
    "the end of the rebuild",
    () => getRebuild(other, started.runId as unknown as string),
    ({ body }) => body.status !== "running",
    45_000,
  );
  expect(ended).toMatchObject({ status: "ok", done: 3, total: 3 });
  expect(await listDifferences(query)).toEqual([]);
});
