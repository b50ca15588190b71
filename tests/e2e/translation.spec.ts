import { expect, type Page, test } from "@playwright/test";
import { findShop, getFrame, openShop } from "./support/admin";
import { openDetails } from "./support/details";
import { dataRequest } from "./support/page-states";
import { getDaysBefore, readRange, toCustomPath } from "./support/report";

const shop = findShop("harbor");

/**
 * What the translation of a browser does to a page: each text node gives way to another one, with the words of another
 * language, inside of two `font` elements. React keeps the old one, which is in no document any more.
 */
async function translate(page: Page): Promise<void> {
  await getFrame(page).evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts: Text[] = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) texts.push(node as Text);
    for (const text of texts) {
      if (!text.data.trim() || text.parentElement?.closest("script, style, font, [translate=no]")) continue;
      const [outer, inner] = [document.createElement("font"), document.createElement("font")];
      inner.append(text.data);
      outer.append(inner);
      text.replaceWith(outer);
    }
  });
}

/** All texts of the page, but for the minute it was read. */
async function readTexts(page: Page): Promise<string[]> {
  const text = await getFrame(page).evaluate(
    () => document.querySelector<HTMLElement>(".Polaris-Page")?.innerText ?? "",
  );
  return text
    .replaceAll(/\d\d:\d\d UTC/g, "a time")
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}

const pages = [
  { name: "dashboard", path: "/app" },
  { name: "analytics", path: "/app/testimonials/analytics" },
];

for (const { name, path } of pages) {
  test.describe(`the ${name}`, () => {
    const tag = name === "dashboard" ? [] : "@deep";
    test("has the texts of a fresh load after each change of days, though a browser translates it", { tag }, async ({
      page,
      context,
    }) => {
      const app = await openShop(page, shop, path);
      // Weeks, days, and a range without any data.
      const customs = [getDaysBefore(0, 800), getDaysBefore(5, 1), getDaysBefore(1_000, 30)];
      await openDetails(app);

      async function expectFresh(search: Record<string, string>): Promise<void> {
        await expect.poll(() => readRange(page)).toEqual(search);
        const other = await context.newPage();
        const fresh = await openShop(other, shop, `${path}?${new URLSearchParams(search)}`);
        await openDetails(fresh);
        const expected = await readTexts(other);
        expect(expected.length).toBeGreaterThan(30);
        await expect.poll(() => readTexts(page)).toEqual(expected);
        await other.close();
      }

      for (const days of ["7", "90"]) {
        await translate(page);
        await app.getByRole("link", { name: `${days} days` }).click();
        await expectFresh({ range: days });
      }
      await translate(page);
      await app.getByRole("link", { name: "Custom" }).click();
      await expect(app.getByLabel("From", { exact: true })).toBeVisible();
      for (const days of customs) {
        await translate(page);
        await app.getByLabel("From", { exact: true }).fill(days.from);
        await app.getByLabel("To", { exact: true }).fill(days.to);
        await app.getByRole("button", { name: "Apply" }).click();
        await expectFresh({ range: "custom", ...days });
      }
      await translate(page);
      await app.getByRole("link", { name: "30 days" }).click();
      await expectFresh({ range: "30" });
    });

    test("says that it could not refresh, and that it could, though a browser translates it", async ({ page }) => {
      const app = await openShop(page, shop, toCustomPath(path, getDaysBefore(3, 7)));
      const texts = await readTexts(page);
      await translate(page);
      await page.route(dataRequest, (route) => route.abort());
      await app.getByRole("link", { name: "7 days" }).click();
      await expect(app.getByRole("heading", { name: "The days you chose could not be loaded" })).toBeVisible();
      await translate(page);
      await page.goBack();
      const stale = app.getByRole("heading", { name: /^Could not refresh; numbers as of \d\d:\d\d UTC$/ });
      await expect(stale).toBeVisible();
      await translate(page);
      await page.unroute(dataRequest);
      await app.getByRole("button", { name: "Try again" }).click();
      await expect(stale).toHaveCount(0);
      await expect.poll(() => readTexts(page)).toEqual(texts);
    });
  });
}
