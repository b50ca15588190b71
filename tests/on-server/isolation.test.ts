import { beforeAll, expect, test } from "vitest";
import { rollup } from "~/rollup.server";
import { addDays, type Day } from "~/services/rollup/day";
import { recountRange } from "~/services/rollup/recount/recount.server";
import { withConnection } from "../setup/server";
import { addRequest, at, expectStoredExact, makeShop } from "../support/shops";
import { waitFor } from "../support/wait";
import { runSql } from "../support/writers";

// A recount that waits for its shop must count what was committed while it waited, whatever the default isolation of the
// database is. Only a server has two transactions open at once.

beforeAll(async () => {
  const url = new URL(process.env.DATABASE_URL ?? "");
  await runSql(`alter database ${url.pathname.slice(1)} set default_transaction_isolation to 'repeatable read'`);
});

test("a recount that waited for its shop counts what came while it waited, in a database set to repeatable read", async () => {
  const shop = await makeShop();
  await addRequest(shop, { sentAt: at("2026-05-01") });
  await withConnection(process.env.DATABASE_URL ?? "", async (holder) => {
    await holder.query("insert into rollup_shops (shop_id) values ($1)", [shop.id]);
    await holder.query("begin isolation level read committed");
    await holder.query("select from rollup_shops where shop_id = $1 for no key update", [shop.id]);
    const from = "2026-05-01" as Day;
    const recount = recountRange(
      rollup.engine,
      [shop.id],
      { from, until: addDays(from, 1) },
      { afterwards: async () => undefined },
    );
    await waitFor("the recount to wait for the shop", async () => {
      const { rows } = await holder.query(
        "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      return rows.length > 0;
    });
    await addRequest(shop, { sentAt: at("2026-05-01", "13:00:00.000") });
    await holder.query("commit");
    expect(await recount).toMatchObject({ days: 1, rowsWritten: 1 });
  });
  await expectStoredExact(shop);
});
