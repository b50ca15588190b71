import { expect, type Frame, type Page, test } from "@playwright/test";
import { findShop, getFrame, mainShop, openShop } from "./support/admin";
import { expectNothingClipped, lengthenTexts } from "./support/clipping";
import { setWidth } from "./support/frame-width";
import { forgetRoutes, pageStates } from "./support/page-states";

test.afterEach(({ page }) => forgetRoutes(page));

/** Phones, and a width for each way that the columns of a page are laid out; with DEEP more of both. */
const widths = process.env.DEEP ? [320, 340, 360, 390, 500, 700, 905, 1100, 1280] : [320, 390, 700, 905, 1280];

// Wide enough for all of them: the frame is made narrow, not the admin around it.
test.use({ viewport: { width: 1800, height: 900 } });

/** Looks at all widths, at the texts as they are and as a translation would make them. */
async function expectRoomForAll(page: Page, frame: Frame): Promise<void> {
  for (const summary of await frame.locator("summary").all()) await summary.click();
  for (const lengthen of [() => undefined, () => lengthenTexts(frame)]) {
    await lengthen();
    for (const width of widths) {
      await setWidth(page, frame, width);
      await test.step(`${width} px`, () => expectNothingClipped(frame));
    }
  }
}

test.describe("nothing is cut off at any width, nor with longer words", () => {
  // Eighteen layouts of each page, the largest of some thousand cells.
  test.describe.configure({ timeout: 180_000 });

  for (const [name, pathname] of [
    ["dashboard", "/app"],
    ["analytics", "/app/testimonials/analytics"],
  ] as const) {
    for (const state of pageStates.filter(({ name }) => name !== "loading")) {
      test(`the ${name}: ${state.name}`, async ({ page }) => {
        await state.show(page, pathname);
        await expectRoomForAll(page, getFrame(page));
      });
    }
  }

  test("the place-holder", async ({ page }) => {
    await openShop(page, mainShop, "/app/testimonials?status=pending");
    await expectRoomForAll(page, getFrame(page));
  });

  // The demo sends "/" to its admin, unless there is a shop in the query; this one names none.
  for (const path of ["/?shop[]=", "/auth/login", "/nothing-here"]) {
    test(path, async ({ page }) => {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expectRoomForAll(page, page.mainFrame());
    });
  }
});

test("on a phone the funnel shows all its columns without being scrolled", async ({ page }) => {
  for (const shop of [mainShop, findShop("little-fern")]) {
    const app = await openShop(page, shop, "/app/testimonials/analytics?range=90");
    for (const width of widths) {
      await setWidth(page, getFrame(page), width);
      const box = app.getByRole("region", { name: "From request to published testimonial" });
      expect(await box.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
    }
  }
});
