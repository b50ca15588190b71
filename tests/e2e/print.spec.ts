import { expect, type FrameLocator, type Locator, type Page, test } from "@playwright/test";
import { findShop, getFrame, openShop, openShopInGerman } from "./support/admin";
import { openDetails } from "./support/details";
import { setWidth } from "./support/frame-width";
import { forgetRoutes, pageStates } from "./support/page-states";
import { measureOverflow } from "./support/report";

test.afterEach(({ page }) => forgetRoutes(page));

const shop = findShop("harbor");

const pages = [
  { name: "dashboard", title: "Dashboard", path: "/app" },
  { name: "analytics", title: "Analytics", path: "/app/testimonials/analytics?figure=clickRate" },
];

/** What a sheet of A4 leaves between margins of 12 mm, in px of CSS. */
const a4Width = 703;

/** The same of the height, of the shorter of the two formats. */
const sheetHeight = 965;

/** Shows the page as paper has it. */
async function showPrinted(page: Page, app: FrameLocator): Promise<void> {
  await setWidth(page, getFrame(page), a4Width);
  await page.emulateMedia({ media: "print" });
  await expect(app.getByText(/^Numbers as of/)).toBeVisible();
}

/** What can be pressed, chosen or filled in, and what only says that something can be done. */
function locateControls(app: FrameLocator): Locator {
  return app.locator("button, select, input, nav, form, [role=alert], .Polaris-Banner, .Polaris-Button");
}

for (const { name, title, path } of pages) {
  test.describe(`the ${name} on paper`, () => {
    test("says whose numbers it has, of which days, compared with what, and as of when", async ({ page }) => {
      const app = await openShop(page, shop, path);
      await expect(app.getByText(shop.domain)).toBeHidden();
      await showPrinted(page, app);
      await expect(app.getByRole("heading", { level: 1, name: title })).toBeVisible();
      await expect(app.getByText(shop.domain, { exact: true })).toBeVisible();
      await expect(app.getByText(/^Numbers as of [A-Z][a-z]+ \d+, \d{4}, \d\d:\d\d UTC\.$/)).toBeVisible();
      await expect(app.getByText(/^Days are UTC\./)).toBeVisible();
      await expect(app.getByText(/^[A-Z][a-z]+ .* – .*, \d{4}, compared with .* – .*, \d{4}$/)).toBeVisible();
      for (const control of await locateControls(app).all()) await expect(control).toBeHidden();
      expect(await measureOverflow(getFrame(page))).toBe(0);
    });

    test("has every table whole, and every card on one sheet, in German too", async ({ page }) => {
      for (const open of [openShop, openShopInGerman]) {
        const app = await open(page, shop, path);
        await setWidth(page, getFrame(page), a4Width);
        await page.emulateMedia({ media: "print" });
        for (const card of await app.locator(".Polaris-ShadowBevel:visible").all()) {
          await expect(card).toHaveCSS("break-inside", "avoid");
          expect((await card.boundingBox())?.height).toBeLessThan(sheetHeight);
        }
        await page.emulateMedia({ media: "screen" });
        await openDetails(app);
        await page.emulateMedia({ media: "print" });
        for (const table of await app.locator("table").all()) {
          const spill = await table.evaluate((element) => {
            const box = element.parentElement ?? element;
            return element.getBoundingClientRect().right - box.getBoundingClientRect().right;
          });
          expect(spill).toBeLessThanOrEqual(1);
        }
        await page.emulateMedia({ media: "screen" });
      }
    });

    test("is black on white on a dark screen too, and comes back to the screen as it was", async ({ page }) => {
      await page.emulateMedia({ colorScheme: "dark" });
      const app = await openShop(page, shop, path);
      const read = () => app.locator(".Polaris-Page").innerText();
      const before = await read();
      await showPrinted(page, app);
      await expect(app.locator("html")).toHaveCSS("background-color", "rgb(255, 255, 255)");
      await expect(app.getByRole("heading", { level: 1 })).toHaveCSS("color", "rgb(0, 0, 0)");
      const bar = app.locator("svg[class*=bar]").first();
      await expect(bar).toHaveCSS("print-color-adjust", "exact");
      await page.emulateMedia({ media: "screen" });
      expect(await read()).toBe(before);
    });

    test("has no word of a load that failed, and the instant of the numbers that it has", async ({ page }) => {
      const failed = pageStates.find((state) => state.name === "failed");
      await failed?.show(page, path.split("?")[0] ?? path);
      const app = page.frameLocator("iframe");
      await showPrinted(page, app);
      await expect(app.locator(".Polaris-Banner")).toBeHidden();
    });

    test("takes at most four sheets of either format", async ({ page }) => {
      await openShop(page, shop, path);
      await page.goto((await page.locator("iframe").getAttribute("src")) ?? "");
      await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
      for (const format of ["A4", "Letter"]) {
        const pdf = await page.pdf({ format, path: `e2e-artifacts/pictures/${name}-${format}.pdf` });
        const sheets = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g) ?? [];
        expect(sheets.length).toBeGreaterThan(0);
        expect(sheets.length).toBeLessThanOrEqual(4);
      }
    });
  });
}

test("the action opens the browser's own dialogue", async ({ page }) => {
  for (const { path } of pages) {
    const app = await openShop(page, shop, path);
    await getFrame(page).evaluate(() =>
      Object.assign(window, { printed: 0, print: () => Reflect.set(window, "printed", 1) }),
    );
    await app.getByRole("button", { name: "Print", exact: true }).click();
    expect(await getFrame(page).evaluate(() => Reflect.get(window, "printed"))).toBe(1);
  }
});

test("paper has all days of the table, the trend that was chosen, and tables that were opened", async ({ page }) => {
  const app = await openShop(page, shop, pages[1]?.path);
  const rows = app.getByRole("region", { name: "Counts by day" }).locator("tbody tr");
  await expect(rows).toHaveCount(15);
  await showPrinted(page, app);
  await expect(rows).toHaveCount(30);
  await expect(app.getByText("Click rate", { exact: true }).locator("visible=true")).toHaveCount(2);
  await expect(app.locator("details")).toHaveCount(2);
  for (const details of await app.locator("details").all()) await expect(details).toBeHidden();
  await page.emulateMedia({ media: "screen" });
  await expect(rows).toHaveCount(15);
  await app.locator("summary", { hasText: "The same as a table" }).click();
  await page.emulateMedia({ media: "print" });
  const table = app.getByRole("region", { name: "Click rate by day" });
  await expect(table.locator("tbody tr").first()).toBeVisible();
  await expect(table).toHaveCSS("overflow-x", "visible");
  await expect(table.locator("thead")).toHaveCSS("display", "table-header-group");
});

test("the cards are in one row, and a German page is German on paper", async ({ page }) => {
  const app = await openShopInGerman(page, shop);
  await setWidth(page, getFrame(page), a4Width);
  await page.emulateMedia({ media: "print" });
  await expect(app.getByText(/^Zahlen mit Stand \d+\. .* UTC\.$/)).toBeVisible();
  const tops = await app
    .locator(".Polaris-ShadowBevel:has(h2 > a)")
    .evaluateAll((cards) => cards.map((card) => card.getBoundingClientRect().top));
  expect(tops).toHaveLength(5);
  expect(new Set(tops).size).toBe(1);
});
