import { expect, test } from "vitest";
import { startCli, toEnd } from "../support/cli";
import { getRangeSum, postRollup, postSeal } from "../support/http";
import { seededRange, seededTotals, seedShops } from "../support/plain-sql";
import { makeServerDatabase } from "../support/process-databases";
import { startServer } from "../support/server-process";
import { storeOfflineSession } from "../support/session-token";
import { waitFor } from "../support/wait";

const before = "2025-07-01";

test("the command purges a sealed shop beside a running server, whose numbers stay, and says what it does", async () => {
  const { url, query } = await makeServerDatabase();
  await seedShops(query, 2);
  await storeOfflineSession(query, "shop-1.myshopify.com");
  const server = await startServer({ DATABASE_URL: url });
  const purge = (...args: string[]) => toEnd(startCli(url, "purge", ...args));
  const count = async (table: string) => (await query<{ n: number }>(`select count(*)::int as n from ${table}`))[0]?.n;

  expect(await purge("--before", before)).toEqual({
    code: 0,
    text: "No shop is sealed, so there is nothing to purge. Seal days: npm run rollup -- seal --before <day>\n",
  });
  expect((await postRollup(server)).body).toMatchObject({ status: "ok" });
  expect((await postSeal(server, { shopId: "shop-1", before })).status).toBe(202);
  await waitFor(
    "the seal",
    async () => (await query("select from rollup_shops where sealed_until is not null")).length > 0,
  );

  expect(await purge("--before", before, "--requests", "--dry-run")).toMatchObject({
    code: 0,
    text: expect.stringMatching(
      /^Would delete 360 rows of testimonial_request_events, 60 rows of testimonial_requests\.$/m,
    ),
  });
  expect(await count("testimonial_requests")).toBe(120);
  expect(await purge("--before", before, "--requests", "--shop", "shop-2")).toMatchObject({
    code: 0,
    text: expect.stringMatching(/^The shop is not sealed/m),
  });
  expect(await purge("--before", before, "--requests")).toMatchObject({
    code: 0,
    text: expect.stringMatching(/^Deleted 360 rows of testimonial_request_events, 60 rows of testimonial_requests\.$/m),
  });
  expect([await count("testimonial_requests"), await count("testimonial_request_events")]).toEqual([60, 360]);
  expect(await count("rollup_marks")).toBe(0);
  const { from, to } = seededRange;
  const sum = await getRangeSum(server, "shop-1.myshopify.com", `from=${from}&to=${to}`);
  expect(sum.body).toMatchObject({ totals: seededTotals, freshness: { sealedUntil: before, liveDays: 0 } });
  expect(await purge("--before", before)).toEqual({
    code: 0,
    text: "There was nothing to purge.\n",
  });
});

test("the command refuses a shop that there is not, and deletes nothing", async () => {
  const { url } = await makeServerDatabase();
  const { code, text } = await toEnd(startCli(url, "purge", "--before", before, "--shop", "nobody"));
  const sentence = '--shop is "nobody"; it must be the id of a shop, and there is no such shop.\n';
  expect({ code, text }).toEqual({ code: 2, text: sentence });
});
