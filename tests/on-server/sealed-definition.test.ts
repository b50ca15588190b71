import { expect, test } from "vitest";
import { rollup } from "~/rollup.server";
import { createRollup } from "~/services/rollup";
import type { Day } from "~/services/rollup/day";
import { toMigration } from "~/services/rollup/definition/migration-sql";
import { type Definition, sum } from "~/services/rollup/definition/rollup";
import { definition } from "~/testimonial-rollup";
import { withSession } from "../support/hammer/session";
import { readSeal, seal } from "../support/seals";
import { addSubmission, at, makeShop, type TestShop } from "../support/shops";
import { runSql } from "../support/writers";

const current = definition as Definition;
const { videoSubmissionsCount, ...others } = current.metrics;

/** A metric more, which stands first. */
const more: Definition = {
  ...current,
  metrics: {
    ratingSum: {
      column: "rating_sum",
      label: "Sum of ratings",
      counts: "Stars of testimonials, on the UTC day they were submitted.",
      from: { submitted: sum("rating") },
    },
    ...current.metrics,
  },
};
const less: Definition = { ...current, metrics: others };

async function migrate(from: Definition, to: Definition): Promise<void> {
  await withSession((session) => session.query(`begin;\n${toMigration(from, to)}\ncommit;`));
}

async function listBrokenSeals(of: Definition): Promise<string[]> {
  const options = { trigger: "cron", today: "2026-06-15" as Day } as const;
  const process = createRollup(of, rollup.engine);
  expect(await process.run(options)).toMatchObject({ status: "ok", rowsWritten: 0, rowsDeleted: 0, remaining: 0 });
  const found = await process.verify(options);
  expect(found).toMatchObject({ status: "ok", drifted: 0, sealedDays: 2 });
  return found?.brokenSeals.map(({ shopId }) => shopId) ?? [];
}

async function makeSealedShop(): Promise<TestShop> {
  const shop = await makeShop();
  await addSubmission(shop, { submittedAt: at("2026-03-03"), mediaType: "video", rating: 4 });
  await rollup.run({ trigger: "cron", today: "2026-06-15" as Day });
  await seal({ shopId: shop.id, before: "2026-05-01" });
  return shop;
}

test("sealed days are as they were sealed in a definition with a metric more, and in one with a metric less", async () => {
  const [shop, changed] = [await makeSealedShop(), await makeSealedShop()];
  await runSql("update testimonial_daily_analytics set submissions_count = 9 where shop_id = $1", [changed.id]);
  await migrate(current, more);
  expect(await listBrokenSeals(more)).toEqual([changed.id]);
  await migrate(more, less);
  expect(await listBrokenSeals(less)).toEqual([changed.id]);
  expect(await readSeal(shop)).toEqual({ sealedUntil: "2026-05-01", sealedRows: 1 });
});
