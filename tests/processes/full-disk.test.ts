import { rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { askHealth, getRangeSum, postRollup } from "../support/http";
import { listDifferences, seededRange, seededTotals, seedShops } from "../support/plain-sql";
import { makeEmbeddedFolder, withEmbedded } from "../support/process-databases";
import { startServer } from "../support/server-process";
import { storeOfflineSession } from "../support/session-token";

const domain = "shop-1.myshopify.com";
const range = `from=${seededRange.from}&to=${seededRange.to}`;

test.each(["goes on by itself once there is space", "is right after kill -9 in the middle of it"])(
  "an embedded database whose disk is full says so, reads exactly, and %s",
  async (sequel) => {
    const dir = makeEmbeddedFolder();
    await withEmbedded(dir, async (query) => {
      await seedShops(query, 2);
      await storeOfflineSession(query, domain);
      // So that the ledger's next row finds room where this one is.
      await query("insert into rollup_runs (kind, trigger, status) values ('rollup', 'cron', 'failed')");
    });
    const flag = `${dir}/disk-is-full`;
    const preload = pathToFileURL(resolve("tests/support/full-disk.mjs")).href;
    const env = { EMBEDDED_DATA_DIR: dir, FULL_DISK: flag, NODE_OPTIONS: `--import ${preload}` };
    let server = await startServer(env);

    writeFileSync(flag, "");
    const refused = await postRollup(server);
    expect(refused.status).toBe(207);
    expect(refused.body).toMatchObject({ status: "partial", rowsWritten: 0 });
    const error = expect.stringContaining("No space left on device");
    expect(refused.body.failedShops).toEqual([
      { shopId: "shop-1", error },
      { shopId: "shop-2", error },
    ]);
    expect((await getRangeSum(server, domain, range)).body.totals).toEqual(seededTotals);
    expect((await askHealth(server)).body.failingShops).toMatchObject({ count: 2 });

    if (sequel.includes("kill")) {
      await server.kill("SIGKILL");
      rmSync(flag);
      server = await startServer(env);
    } else rmSync(flag);
    expect((await getRangeSum(server, domain, range)).body.totals).toEqual(seededTotals);
    expect((await postRollup(server)).body).toMatchObject({ status: "ok", shops: 2, remaining: 0 });
    expect((await getRangeSum(server, domain, range)).body.totals).toEqual(seededTotals);
    expect(await server.kill("SIGTERM")).toBe(0);
    expect(await withEmbedded(dir, listDifferences)).toEqual([]);
  },
);
