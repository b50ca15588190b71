import { expect, type FrameLocator, type Locator, type Page, test } from "@playwright/test";
import { expectAccessible } from "./support/accessible";
import { findShop, getFrame, openShop } from "./support/admin";
import { setWidth } from "./support/frame-width";
import { measureOverflow, readRange } from "./support/report";

const shop = findShop("harbor");

/** The figure's name in the address, on its card, and in the trend's choice. */
const figures = [
  { key: "requestsSent", card: "Requests sent", trend: "Requests sent" },
  { key: "clickRate", card: "Click rate", trend: "Click rate" },
  { key: "submissionRate", card: "Submission rate", trend: "Submission rate" },
  { key: "approvalRate", card: "Approval rate", trend: "Approval rate" },
  { key: "published", card: "Published testimonials", trend: "Published" },
];

function locateCard(app: FrameLocator, name: string): Locator {
  return app.locator(".Polaris-ShadowBevel").filter({ has: app.getByRole("link", { name, exact: true }) });
}

function readFigure(page: Page): string | null {
  return new URL(getFrame(page).url()).searchParams.get("figure");
}

function locateHeading(app: FrameLocator): Locator {
  return app.getByRole("heading", { level: 2, name: "Trend by day" });
}

async function expectTrend(page: Page, app: FrameLocator, { key, trend }: (typeof figures)[number]): Promise<void> {
  await expect.poll(() => readFigure(page)).toBe(key);
  await expect(app.getByLabel("Show", { exact: true }).locator("option:checked")).toHaveText(trend);
  await expect(app.getByRole("slider")).toHaveAccessibleName(new RegExp(`^${trend} by day`));
  await expect(locateHeading(app).locator("..")).toBeFocused();
}

test("each card as a whole leads to the trend of its figure, over the same days", async ({ page }) => {
  for (const figure of figures) {
    const app = await openShop(page, shop, "/app?range=7");
    const card = locateCard(app, figure.card);
    const box = await card.boundingBox();
    if (!box) throw new Error(`There is no card ${figure.card}.`);
    // In its last corner, far from the words.
    await card.click({ position: { x: box.width - 6, y: box.height - 6 } });
    await expectTrend(page, app, figure);
    await expect(locateHeading(app)).toBeInViewport();
    expect(readRange(page)).toEqual({ range: "7" });
  }
});

test("the trend that an address names is shown when its page is loaded, and one that is none is not", async ({
  page,
}) => {
  const analytics = "/app/testimonials/analytics?range=7&figure=";
  for (const figure of figures) {
    await expectTrend(page, await openShop(page, shop, `${analytics}${figure.key}`), figure);
  }
  const app = await openShop(page, shop, `${analytics}nothing`);
  await expect(app.getByLabel("Show", { exact: true }).locator("option:checked")).toHaveText("Requests sent");
});

test("the figure that is chosen stays when the days change", async ({ page }) => {
  const app = await openShop(page, shop, "/app/testimonials/analytics?figure=approvalRate");
  await app.getByRole("link", { name: "90 days" }).click();
  await expect.poll(() => readRange(page)).toEqual({ range: "90" });
  await expect(app.getByRole("slider")).toHaveAccessibleName(/^Approval rate by day/);
});

test("the keyboard stops once at each card, shows which one, and opens it", async ({ page }) => {
  for (const options of [{ forcedColors: "none" }, { forcedColors: "active", colorScheme: "dark" }] as const) {
    await page.emulateMedia(options);
    const app = await openShop(page, shop);
    await app.getByRole("link", { name: "Requests sent", exact: true }).focus();
    for (const [index, { card }] of figures.entries()) {
      if (index > 0) await page.keyboard.press("Tab");
      else await page.keyboard.press("Shift");
      const link = app.getByRole("link", { name: card, exact: true });
      await expect(link).toBeFocused();
      const ring = await link.evaluate((element) => getComputedStyle(element, "::after").outlineStyle);
      expect(ring, card).toBe("solid");
    }
    // Axe takes the ground for white whatever the system says.
    if (options.forcedColors === "none") await expectAccessible(page);
    await page.keyboard.press("Enter");
    await expectTrend(page, app, figures.at(-1) ?? { key: "", card: "", trend: "" });
  }
});

test.describe("all cards are in sight without scrolling sideways", () => {
  test.use({ viewport: { width: 1800, height: 900 } });

  for (const [width, rows] of [
    [320, [1, 1, 1, 1, 1]],
    [390, [1, 1, 1, 1, 1]],
    [768, [3, 2]],
    [1280, [5]],
  ] as const) {
    test(`at ${width} px`, { tag: [390, 768].includes(width) ? "@deep" : [] }, async ({ page }) => {
      const app = await openShop(page, shop);
      const frame = getFrame(page);
      await setWidth(page, frame, width);
      expect(await measureOverflow(frame)).toBe(0);
      const boxes = await Promise.all(
        figures.map(({ card }) =>
          locateCard(app, card).evaluate((element) => {
            const { left, right, top } = element.getBoundingClientRect();
            return { left, right, top };
          }),
        ),
      );
      expect(boxes.filter(({ left, right }) => left < 0 || right > width)).toEqual([]);
      const tops = [...new Set(boxes.map(({ top }) => top))];
      expect(tops.map((top) => boxes.filter((box) => box.top === top).length)).toEqual(rows);
      const edges = tops.map((top) => Math.max(...boxes.filter((box) => box.top === top).map(({ right }) => right)));
      expect(Math.max(...edges) - Math.min(...edges), "each row is full").toBeLessThan(1);
    });
  }
});
