import { expect, type Frame, type Page, test } from "@playwright/test";
import { de } from "~/texts/de";
import { expectAccessible } from "./support/accessible";
import { findShop, getFrame, mainShop, openShop, openShopInGerman } from "./support/admin";
import { expectNothingClipped, lengthenTexts } from "./support/clipping";
import { openDetails } from "./support/details";
import { setWidth } from "./support/frame-width";
import { forgetRoutes, pageStates } from "./support/page-states";
import { getDaysBefore, toCustomPath } from "./support/report";

test.afterEach(({ page }) => forgetRoutes(page));

/**
 * Phones, and a width for each way that the columns of a page are laid out; with DEEP more of both. 640 px are what 1,280 are at
 * twice the size.
 */
const widths = process.env.DEEP
  ? [320, 340, 360, 390, 500, 640, 700, 768, 905, 1100, 1280]
  : [320, 390, 640, 768, 1280];

// Wide enough for all of them: the frame is made narrow, not the admin around it.
test.use({ viewport: { width: 1800, height: 900 } });

/** Looks at all widths, at the texts as they are and as a translation would make them. */
async function expectRoomForAll(page: Page, frame: Frame): Promise<void> {
  await expectRoom(page, frame);
  await lengthenTexts(frame);
  await expectRoomAtAllWidths(page, frame);
}

/** Looks at all widths, with everything open that can be opened. */
async function expectRoom(page: Page, frame: Frame): Promise<void> {
  await openDetails(frame);
  await expectRoomAtAllWidths(page, frame);
}

async function expectRoomAtAllWidths(page: Page, frame: Frame): Promise<void> {
  for (const width of widths) {
    await setWidth(page, frame, width);
    await test.step(`${width} px`, () => expectNothingClipped(frame));
  }
}

const pages = [
  ["dashboard", "/app"],
  ["analytics", "/app/testimonials/analytics"],
] as const;

// Up to twenty layouts of each page, the largest of some thousand cells.
test.describe.configure({ timeout: 180_000 });

test.describe("nothing is cut off at any width, nor with longer words", () => {
  for (const [name, pathname] of pages) {
    for (const state of pageStates.filter(({ name }) => name !== "loading")) {
      const tag = state.name === "long-numbers" ? [] : "@deep";
      test(`the ${name}: ${state.name}`, { tag }, async ({ page }) => {
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

const wrongDays = { from: "2026-02-31", to: "2026-03-05" };

test.describe("nothing is cut off in German", () => {
  for (const [name, pathname] of pages) {
    for (const [state, shop, path] of [
      ["data", mainShop, pathname],
      ["nothing yet", findShop("quiet"), pathname],
      ["zeros", findShop("little-fern"), toCustomPath(pathname, getDaysBefore(400, 30))],
      ["a wrong day", mainShop, toCustomPath(pathname, wrongDays)],
      ["five years", mainShop, toCustomPath(pathname, getDaysBefore(0, 1_827))],
    ] as const) {
      const tag = state === "data" ? [] : "@deep";
      test(`the ${name}: ${state}`, { tag }, async ({ page }) => {
        await openShopInGerman(page, shop, path);
        await expectRoom(page, getFrame(page));
      });
    }
  }
});

test.describe("nothing is cut off from right to left, and all can use it", () => {
  for (const [name, pathname] of pages) {
    for (const [state, path] of [
      ["data", pathname],
      ["a wrong day", toCustomPath(pathname, wrongDays)],
    ] as const) {
      test(`the ${name}: ${state}`, { tag: state === "data" ? [] : "@deep" }, async ({ page }) => {
        await openShop(page, mainShop, path);
        const frame = getFrame(page);
        await frame.evaluate(() => document.documentElement.setAttribute("dir", "rtl"));
        await expectRoom(page, frame);
        await expectAccessible(page);
      });
    }
  }
});

test("on a phone the funnel shows all its columns without being scrolled", async ({ page }) => {
  for (const [open, shop, names] of [
    [openShop, mainShop, ["Requests sent in these days", "Testimonials submitted in these days"]],
    [openShop, findShop("little-fern"), ["Requests sent in these days", "Testimonials submitted in these days"]],
    [openShopInGerman, mainShop, [de.funnel.ofSent, de.funnel.ofSubmitted]],
  ] as const) {
    const app = await open(page, shop, "/app/testimonials/analytics?range=90");
    for (const width of widths) {
      await setWidth(page, getFrame(page), width);
      for (const name of names) {
        const box = app.getByRole("region", { name });
        expect(await box.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
      }
    }
  }
});
