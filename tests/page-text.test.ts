import { describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { addOddSubmission, openBuiltPage, readHtml } from "./support/built-pages";
import { daysAgo, makeMerchant, openPage } from "./support/pages";
import { addRequest, addSubmission, at } from "./support/shops";

/** The markup as it was sent. Fails where its bytes are no UTF-8, or where one of them is NUL. */
async function readBytes(response: Response): Promise<string> {
  const bytes = Buffer.from(await response.arrayBuffer());
  expect(bytes.indexOf(0)).toBe(-1);
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}

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

describe("a product's title", () => {
  test("stands in the page as it is, beside a picture that has its place before it is loaded", async () => {
    const shop = await makeMerchant();
    const [title, image] = ['שלום <b>"7"</b>', "https://cdn.shopify.com/s/files/7.png?v=1"];
    const stored = { shopId: shop.id, productId: "gid://shopify/Product/7001", title };
    await db.shopProduct.create({ data: { ...stored, imageUrl: image, deletedAt: at(daysAgo(0)) } });
    for (const shopifyProductId of ["7001", "7002"]) {
      await addSubmission(shop, { submittedAt: at(daysAgo(1)), shopifyProductId });
    }
    const html = await readHtml("dashboard", shop);
    const name = "שלום &lt;b&gt;&quot;7&quot;&lt;/b&gt;";
    expect(html).toMatch(new RegExp(`<bdi dir="auto"[^>]* title="${name}"[^>]*>${name}</bdi>`));
    expect(html).toContain(">Product 7002</bdi>");
    expect(html.match(/>Deleted</g)).toHaveLength(1);
    const [picture, ...others] = html.match(/<img [^>]*>/g) ?? [];
    expect(others).toEqual([]);
    const parts = ['alt=""', 'width="40"', 'height="40"', 'loading="lazy"', `src="${image}&amp;width=80"`];
    for (const part of parts) expect(picture).toContain(part);
  });
});

describe("characters of several bytes", () => {
  test("are sent whole in a page of any length", async () => {
    const shop = await makeMerchant();
    const characters = ["é", "日", "😀"];
    // Each a byte longer than the one before, so that the page's pieces end at every place in a character.
    for (let length = 0; length < 12; length += 1) {
      const headlines = characters.map((character) => `${"x".repeat(length)}${character.repeat(150)}`);
      for (const headline of headlines) await addSubmission(shop, { submittedAt: at(daysAgo(1)), headline });
      const html = await readBytes(await openBuiltPage("dashboard", shop));
      for (const headline of headlines) expect(html).toContain(`>${headline}</bdi>`);
      await db.testimonialSubmission.deleteMany({ where: { shopId: shop.id } });
    }
  });

  test.each(["dashboard", "analytics"] as const)("are sent whole in the %s of five years", async (page) => {
    const shop = await makeMerchant();
    await addRequest(shop, { sentAt: at("2022-02-02") });
    const html = await readBytes(
      await openBuiltPage(page, shop, { range: "custom", from: "2021-01-01", to: "2026-01-01" }),
    );
    expect(html).not.toContain("\ufffd");
    expect(html).toContain("Jan 1, 2021 – Jan 1, 2026");
  });
});
