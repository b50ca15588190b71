import { expect, type FrameLocator, test } from "@playwright/test";
import { expectAccessible } from "./support/accessible";
import { findShop, getFrame, openShop, simulate } from "./support/admin";
import { expectCards, getDaysBefore, type Sums } from "./support/report";

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

test("a product's link shows its numbers alone on both pages, counted live, and leads back to those of all", async ({
  page,
}) => {
  const app = await openShop(page, findShop("harbor"), "/app?range=90");
  const link = listItems(app).first().getByRole("link");
  const title = (await link.textContent()) ?? "";
  await link.click();
  await expect(app.getByText("Only requests and testimonials of")).toBeVisible();
  await expect(app.getByText("Counted live, from the requests and testimonials that are kept.")).toBeVisible();
  await expect(app.locator("bdi", { hasText: title }).first()).toBeVisible();
  const product = new URL(getFrame(page).url()).searchParams.get("product") ?? "";
  const sums: Sums = await getFrame(page).evaluate(
    async (address) => (await fetch(address)).json(),
    `/app/range-sum?${new URLSearchParams({ ...getDaysBefore(1, 90), product })}`,
  );
  expect(sums.totals.requestsSent).toBeGreaterThan(0);
  await expectCards(app, sums);
  await expectAccessible(page);

  await page.getByRole("link", { name: "Analytics" }).click();
  await expect(app.getByRole("heading", { level: 1, name: "Analytics" })).toBeVisible();
  await expect(app.getByText("Only requests and testimonials of")).toBeVisible();
  await expect(app.getByRole("row", { name: /^Sent / })).toContainText(sums.totals.requestsSent.toLocaleString("en"));
  await app.getByRole("link", { name: "7 days" }).click();
  await expect.poll(() => new URL(getFrame(page).url()).searchParams.get("range")).toBe("7");
  await expect(app.getByText("Only requests and testimonials of")).toBeVisible();
  await app.getByRole("link", { name: "All products" }).click();
  await expect(app.getByText("Only requests and testimonials of")).toHaveCount(0);
  expect(new URL(getFrame(page).url()).searchParams.has("product")).toBe(false);
});
