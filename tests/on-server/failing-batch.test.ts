import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { rollup } from "~/rollup.server";
import type { Day } from "~/services/rollup/day";
import { poison } from "../support/faults";
import { recordStatements } from "../support/statements";
import { runSql } from "../support/writers";

const halvings = 6;
const count = 2 ** halvings;

test("a shop that fails costs its batch a few tries for each time it is halved, not one for each shop", async () => {
  expect(rollup.engine.settings.batchShops).toBeGreaterThanOrEqual(count);
  const prefix = randomUUID();
  await runSql("insert into shops (id, domain) select $1 || n, $1 || n from generate_series(1, $2::int) n", [
    prefix,
    count,
  ]);
  await runSql("insert into testimonial_requests (shop_id, sent_at) select s.id, '2026-05-01' from shops s");
  const cure = await poison({ id: `${prefix}40`, domain: "" });

  // Beside each part that fails there is one that does not, and the shop itself has a second try.
  const failing = await runAndCount();
  expect(failing.result).toMatchObject({ status: "partial", shops: count - 1, remaining: 1 });
  expect(failing.recounts).toBe(1 + 2 * halvings + 1);

  await cure();
  expect(await runAndCount()).toMatchObject({ result: { status: "ok", shops: 1, remaining: 0 }, recounts: 1 });
});

async function runAndCount() {
  let result: Awaited<ReturnType<typeof rollup.run>> = null;
  const statements = await recordStatements(async () => {
    result = await rollup.run({ trigger: "cron", today: "2026-06-15" as Day });
  });
  return { result, recounts: statements.filter((text) => text.includes("taken_rows as")).length };
}
