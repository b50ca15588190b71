import { expect, type FrameLocator, test } from "@playwright/test";
import { findShop, openShop, simulate } from "./support/admin";

const shop = findShop("bluebird");

/** The list's items, from the first on. */
function listItems(app: FrameLocator) {
  return app
    .getByRole("heading", { name: "Top products" })
    .locator("xpath=ancestor::*[.//li][1]")
    .getByRole("listitem");
}

test("products have titles and pictures a moment after the first visit, and follow what Shopify tells", async ({
  page,
}) => {
  const strangers: string[] = [];
  page.on("request", (request) => {
    if (!new URL(request.url()).host.startsWith("localhost") && !request.url().startsWith("data:")) {
      strangers.push(request.url());
    }
  });
  const app = await openShop(page, shop);
  const items = listItems(app);
  await expect(items).toHaveCount(shop.products.length);
  for (const title of shop.products) await expect(items.filter({ hasText: title })).toHaveCount(1);
  const picture = items.first().locator("img");
  await expect(picture).toHaveJSProperty("naturalWidth", 80);
  expect(await picture.boundingBox()).toMatchObject({ width: 38, height: 38 });
  const [first = ""] = await items.first().locator("bdi").allTextContents();

  expect(await simulate(page, "Rename the top product")).toContain(`${first} No. 2`);
  await expect(items.first().locator("bdi")).toHaveText(`${first} No. 2`);
  expect(await simulate(page, "Delete the top product")).toContain(`${first} No. 2 is deleted`);
  await expect(items.first()).toContainText("Deleted");
  await expect(items.filter({ hasText: "Deleted" })).toHaveCount(1);
  await expect(items.first().locator("bdi")).toHaveText(`${first} No. 2`);
  expect(strangers, "requests to other hosts").toEqual([]);
});

test("a picture that can't be loaded gives its place to a grey one", async ({ page }) => {
  await page.route(/\/admin\/cdn\/demo\//, (route) => route.abort());
  const app = await openShop(page, findShop("harbor"));
  const items = listItems(app);
  await expect(items.first()).toContainText(/Throw|Stool|Blanket|Shelf|Mug/);
  await expect(items.locator("img")).toHaveCount(0);
  await expect(items.first().locator("svg").first()).toBeVisible();
});
