import { randomUUID } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { db } from "~/db.server";
import { env } from "~/env.server";
import { waitFor } from "../support/wait";
import { runSql } from "../support/writers";

test("a connection cut under a transaction that ran out of time costs neither the process nor the pool", async () => {
  const unheard: unknown[] = [];
  const note = (reason: unknown) => unheard.push(reason);
  process.on("unhandledRejection", note);
  onTestFinished(() => void process.off("unhandledRejection", note));

  for (let cut = 0; cut <= env.DATABASE_POOL_SIZE; cut += 1) {
    const name = randomUUID();
    // The rollback waits on the same connection behind the statement.
    const late = db.$transaction((tx) => tx.$queryRawUnsafe(`select pg_sleep(60)::text as "${name}"`), { timeout: 50 });
    const failed = expect(late).rejects.toThrow(/Transaction|terminat/);
    await waitFor("the statement to outlast its transaction", () => isOlderThan(name, 200));
    await runSql("select pg_terminate_backend(pid) from pg_stat_activity where position($1 in query) > 0", [name]);
    await failed;
  }

  expect(await db.$queryRawUnsafe("select 1 as one")).toEqual([{ one: 1 }]);
  expect(unheard).toEqual([]);
});

async function isOlderThan(name: string, ageMs: number): Promise<boolean> {
  const found = await db.$queryRawUnsafe<unknown[]>(
    `
select pid
from pg_stat_activity
where position($1 in query) > 0
  and clock_timestamp() - query_start > make_interval(secs => $2::float8 / 1000)`,
    name,
    ageMs,
  );
  return found.length > 0;
}
