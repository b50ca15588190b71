import { beforeAll, expect, test } from "vitest";
import { db } from "~/db.server";
import { addOddSubmission, expectPagesWhole, readHtml } from "./support/built-pages";
import { daysAgo, makeMerchant } from "./support/pages";
import { addRequest, at } from "./support/shops";

// A host has its own source tables: without the checks of this project's, with nulls, and with wider types.

beforeAll(async () => {
  // It reads the ratings, and no page reads it.
  await db.$executeRawUnsafe("drop view testimonial_daily_analytics_exact");
  for (const change of [
    "drop constraint testimonial_submissions_status_check",
    "drop constraint testimonial_submissions_media_type_check",
    "alter status drop not null",
    "alter media_type drop not null",
    "alter rating type numeric",
  ]) {
    await db.$executeRawUnsafe(`alter table testimonial_submissions ${change}`);
  }
});

test.each<Record<string, string>>([
  { rating: "'NaN'" },
  { rating: "'infinity'" },
  { rating: "1e300" },
  { media_type: "null", status: "null" },
  { media_type: "''", status: "''" },
  { media_type: "'constructor'", status: "'__proto__'" },
  { media_type: "repeat('é', 1000000)", status: "repeat('<', 100000)" },
])("a page is whole beside a row with %j", async (columns) => {
  const shop = await makeMerchant();
  await addRequest(shop, { sentAt: at(daysAgo(1)) });
  await addOddSubmission(shop, columns);
  await expectPagesWhole(shop);
  const html = await readHtml("dashboard", shop);
  expect(html).toContain("As usual");
  expect(html.length).toBeLessThan(200_000);
});

test("a rating between two numbers of stars says so", async () => {
  const shop = await makeMerchant();
  await addOddSubmission(shop, { rating: "4.25" });
  expect(await readHtml("dashboard", shop)).toContain("4.3 of 5 stars");
});
