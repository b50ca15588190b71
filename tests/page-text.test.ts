import { describe, expect, test } from "vitest";
import { addOddSubmission, readHtml } from "./support/built-pages";
import { daysAgo, makeMerchant, openPage } from "./support/pages";
import { addRequest, addSubmission, at } from "./support/shops";

describe("text that customers and hosts write", () => {
  test("is cut, so that six megabytes of it make a page of the usual size", async () => {
    const shop = await makeMerchant();
    await addRequest(shop, { sentAt: at(daysAgo(1)) });
    for (let index = 0; index < 6; index += 1) {
      const text = (start: string) => `'${start}' || repeat('"<é日😀', 200000) || '${index}'`;
      await addOddSubmission(shop, {
        headline: text("Long "),
        shopify_product_id: text("gid://shopify/Product/Long "),
      });
    }
    const usual = await makeMerchant();
    await addSubmission(usual, { submittedAt: at(daysAgo(1)), headline: "Short", shopifyProductId: "1" });
    const { data } = await openPage("dashboard", shop);
    expect(JSON.stringify(data).length).toBeLessThan(12_000);
    expect(data.numbers?.extras.topProducts.map(({ count }) => count)).toEqual([1, 1, 1, 1, 1]);
    const html = await readHtml("dashboard", shop);
    expect(html.match(/>Long &quot;&lt;é日😀/g)).toHaveLength(11);
    expect(html.length - (await readHtml("dashboard", usual)).length).toBeLessThan(60_000);
    expect(html.length).toBeLessThan(200_000);
  });

  test("is isolated from the words around it, whatever its direction", async () => {
    const shop = await makeMerchant();
    await addSubmission(shop, { submittedAt: at(daysAgo(1)), headline: "مرحبا 5", shopifyProductId: "שלום 7" });
    const html = await readHtml("dashboard", shop);
    expect(html).toMatch(/<bdi dir="auto"[^>]* title="مرحبا 5"[^>]*>مرحبا 5<\/bdi>/);
    expect(html).toMatch(/<bdi dir="auto"[^>]* title="שלום 7"[^>]*>שלום 7<\/bdi>/);
  });
});
