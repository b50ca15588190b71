import { describe, expect, test } from "vitest";
import { z } from "zod";
import { toErrorMessage } from "~/services/rollup/error.server";
import { addOddSubmission, expectPagesWhole, readHtml } from "./support/built-pages";
import { daysAgo, makeMerchant, openPage } from "./support/pages";
import { addRequest, addSubmission, at } from "./support/shops";

// What the source tables can hold and no form would write.

describe("a page beside an odd row", () => {
  test.each<Record<string, string>>([
    { submitted_at: "'infinity'" },
    { submitted_at: "'-infinity'" },
    { submitted_at: "'294276-12-31 23:59:59'" },
    { submitted_at: "'4714-11-24 00:00 BC'" },
    { submitted_at: "null" },
    { rating: "-1" },
    { rating: "999" },
    { rating: "2147483647" },
    { rating: "null", headline: "null", shopify_product_id: "null", request_id: "null" },
    { headline: "''", shopify_product_id: "''" },
    { headline: "e'\\u200b\\u202e'", shopify_product_id: "e' \\t '" },
    { id: "''" },
  ])("is whole with %j", async (columns) => {
    const shop = await makeMerchant();
    await addRequest(shop, { sentAt: at(daysAgo(1)) });
    await addSubmission(shop, { submittedAt: at(daysAgo(2)), headline: "Beside it" });
    await addOddSubmission(shop, columns);
    await expectPagesWhole(shop);
    expect(await readHtml("dashboard", shop)).toContain("Beside it");
  });

  test("shows a dash for an instant that no calendar of four digits has, and leaves out one that is none", async () => {
    const shop = await makeMerchant();
    for (const submitted_at of ["'infinity'", "'294276-12-31'", "'0044-03-15 BC'", "'-infinity'"]) {
      await addOddSubmission(shop, { submitted_at, headline: submitted_at.replace("'", "'at ") });
    }
    await addSubmission(shop, { submittedAt: at("2026-03-15"), headline: "Of this year" });
    const { data } = await openPage("dashboard", shop);
    expect(data.numbers?.extras.latest.map(({ headline, submittedAt }) => [headline, submittedAt])).toEqual([
      ["at 294276-12-31", null],
      ["Of this year", "2026-03-15T12:00:00.000Z"],
      ["at 0044-03-15 BC", null],
    ]);
    const html = await readHtml("dashboard", shop);
    expect(html.match(/>–<\/span><\/span><\/li>/g)).toHaveLength(2);
    expect(html).toContain(">Mar 15, 12:00 UTC</time>");
  });

  test("shows the stars of a rating that is one, and none for another", async () => {
    const shop = await makeMerchant();
    for (const rating of [-1, 0, 3, 5, 6, 999]) await addSubmission(shop, { submittedAt: at(daysAgo(1)), rating });
    const html = await readHtml("dashboard", shop);
    expect([...html.matchAll(/[\d.]+ of 5 stars/g)].map(([text]) => text).sort()).toEqual([
      "0 of 5 stars",
      "3 of 5 stars",
      "5 of 5 stars",
    ]);
  });
});

test("the log names the field that is not as it should be, and not its value", () => {
  const schema = z.object({ latest: z.array(z.object({ rating: z.number() })) });
  const { error } = schema.safeParse({ latest: [{ rating: 5 }, { rating: "private" }] });
  expect(toErrorMessage(error)).toBe("latest.1.rating: Invalid input: expected number, received string");
});
