import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { rollup } from "~/rollup.server";
import type { Day } from "~/services/rollup/day";
import { poison } from "../support/faults";
import { runSql } from "../support/writers";

// Only a server recounts several batches at once.

const today = "2026-06-15" as Day;

test("a run of several batches at once reports the work and the failing shops of all of them", async () => {
  expect(rollup.engine.settings.concurrency).toBeGreaterThan(1);
  const prefix = randomUUID();
  const count = rollup.engine.settings.batchShops * 3;
  await runSql("insert into shops (id, domain) select $1 || n, $1 || n from generate_series(1, $2::int) n", [
    prefix,
    count,
  ]);
  await runSql(
    "insert into testimonial_requests (shop_id, sent_at) select s.id, '2026-05-01' from shops s where s.id like $1 || '%'",
    [prefix],
  );
  const poisoned = [1, 20, 300].map((n) => ({ id: `${prefix}${n}`, domain: "" }));
  const cures = [];
  for (const shop of poisoned) cures.push(await poison(shop));

  const first = await rollup.run({ trigger: "cron", today });
  for (const cure of cures) await cure();
  expect(first).toMatchObject({
    status: "partial",
    shops: count - 3,
    days: count - 3,
    rowsWritten: count - 3,
    remaining: 3,
  });
  expect(first?.failedShops.map((failed) => failed.shopId).sort()).toEqual(poisoned.map((shop) => shop.id).sort());
  expect(await rollup.run({ trigger: "cron", today })).toMatchObject({ status: "ok", shops: 3, days: 3, remaining: 0 });
});
