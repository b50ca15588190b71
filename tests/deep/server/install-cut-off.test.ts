import { setTimeout as sleep } from "node:timers/promises";
import { expect, inject, onTestFinished, test } from "vitest";
import { toDatabaseUrl, toServer, withConnection } from "../../setup/server";
import { expectInstalled, installOn, makeHost, makeLiveHost } from "../../support/live-host";
import type { Query } from "../../support/process-databases";

// An install that ends anywhere, and is called again.

test("stopped or cut off after any step or slice, ends in the same state when it is called again", async () => {
  // No session may be on a database that others are made of.
  const server = toServer(inject("serverUrl"));
  const name = `rollup_install_${process.pid}`;
  await server.createDatabase(name);
  onTestFinished(() => server.dropDatabase(name));
  const templateUrl = toDatabaseUrl(server.url, name);
  await withConnection(templateUrl, (client) =>
    makeHost(async (sql, values) => (await client.query(sql, values)).rows, 3),
  );
  for (let last = 1, isDone = false; !isDone; last += 1) {
    const copy = `${name}_${last}`;
    await server.createDatabase(copy, name);
    const url = toDatabaseUrl(server.url, copy);
    try {
      isDone = await cutOff(url, last);
      await withConnection(url, async (client) => {
        const query: Query = async (sql, values) => (await client.query(sql, values)).rows;
        await query("update testimonial_requests set clicked_at = '2025-06-01' where id = 'shop-1-1'");
        await query(
          "insert into testimonial_submissions (shop_id, status, submitted_at) values ('shop-2', 'approved', '2025-06-02')",
        );
        await query("delete from testimonial_request_events where request_id = 'shop-3-1'");
        await installOn(url);
        await expectInstalled(query);
      });
    } finally {
      await server.dropDatabase(copy);
    }
  }
}, 180_000);

/** Ends an install after its n-th step or slice: by Ctrl-C, or with its session. True when it had no n-th one. */
async function cutOff(url: string, last: number): Promise<boolean> {
  const controller = new AbortController();
  let done = 0;
  const end = () => {
    done += 1;
    if (done !== last) return;
    if (last % 2 === 0) controller.abort();
    else throw new Error("cut off");
  };
  try {
    await installOn(url, { signal: controller.signal, onStep: end, onSlice: end });
    return done < last;
  } catch (error) {
    expect(String(error)).toMatch(/Stopped|cut off/);
    return false;
  }
}

test("whose session dies again and again, at any instant, ends in the same state", async () => {
  const host = await makeLiveHost();
  let isDone = false;
  for (let tries = 0; !isDone; tries += 1) {
    const install = installOn(host.url).then(
      () => true,
      (error) => {
        expect(String(error)).toMatch(/terminat|connection|Another install/i);
        return false;
      },
    );
    await sleep(Math.random() * 100 * (1 + tries / 2));
    await host.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'rollup install'`,
    );
    isDone = await install;
  }
  await expectInstalled(host.query);
}, 120_000);
