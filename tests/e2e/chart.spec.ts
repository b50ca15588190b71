import { expect, type Frame, type FrameLocator, test } from "@playwright/test";
import { getFrame, getLastDays, mainShop, openShop } from "./support/admin";
import { setWidth } from "./support/frame-width";
import { fetchRange, getDaysBefore, toCustomPath, toDayText, toShare } from "./support/report";

const analytics = "/app/testimonials/analytics";
const widths = [320, 390, 768, 1280];

test.use({ viewport: { width: 1800, height: 900 } });

type Box = { text: string; left: number; right: number; top: number; bottom: number };

/** The boxes of the labels that the chart shows, and of the card around it. */
function readBoxes(frame: Frame): Promise<{ labels: Box[]; card: Box }> {
  return frame.evaluate(() => {
    const toBox = (element: Element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      return { text: element.textContent ?? "", left, right, top, bottom };
    };
    const labels = [...document.querySelectorAll("[role=slider] [class*=tick]")].filter((label) =>
      label.checkVisibility(),
    );
    const card = document.querySelector("[role=slider]")?.closest(".Polaris-ShadowBevel");
    if (!card) throw new Error("The page shows no chart.");
    return { labels: labels.map(toBox), card: toBox(card) };
  });
}

function listOverlaps(labels: Box[]): string[] {
  return labels.flatMap((one, index) =>
    labels
      .slice(index + 1)
      .filter((other) => one.left < other.right && other.left < one.right)
      .filter((other) => one.top < other.bottom && other.top < one.bottom)
      .map((other) => `${one.text} and ${other.text}`),
  );
}

/** The day that the chart tells about. */
function readDay(app: FrameLocator): Promise<string | null> {
  return app.locator("p:has(+ [role=slider]) span").first().textContent();
}

test.describe("the chart is one drawing, and none of its labels is on another or cut off", () => {
  for (const days of [1, 7, 30, 90, 366, 1_827]) {
    test(`over ${days} days`, { tag: [7, 30, 90, 366].includes(days) ? "@deep" : [] }, async ({ page }) => {
      const app = await openShop(page, mainShop, toCustomPath(analytics, getDaysBefore(0, days)));
      const frame = getFrame(page);
      await expect(app.locator("[role=slider] svg")).toHaveCount(1);
      for (const metric of ["Requests sent", "Approval rate"]) {
        await app.getByLabel("Show", { exact: true }).selectOption(metric);
        for (const width of widths) {
          await setWidth(page, frame, width);
          const { labels, card } = await readBoxes(frame);
          await test.step(`${metric} at ${width} px`, () => {
            expect(labels.length).toBeGreaterThan(days === 1 ? 1 : 4);
            expect(listOverlaps(labels)).toEqual([]);
            expect(labels.filter(({ left, right }) => left < card.left || right > card.right)).toEqual([]);
          });
        }
      }
    });
  }
});

test("the pointer chooses the day that it is at, from the first to the last, at any width", async ({ page }) => {
  const app = await openShop(page, mainShop, `${analytics}?range=30`);
  const { series } = await fetchRange(page, getLastDays(30));
  for (const width of [320, 1280]) {
    await setWidth(page, getFrame(page), width);
    const plot = app.locator("[role=slider] svg");
    await plot.scrollIntoViewIfNeeded();
    const box = await plot.boundingBox();
    if (!box) throw new Error("The chart is not shown.");
    for (const index of [0, 10, 29]) {
      const x = box.x + (box.width * index) / 29;
      await page.mouse.move(x, box.y + box.height / 2);
      const text = toDayText(series[index]?.date ?? "");
      await expect.poll(() => readDay(app)).toBe(text);
      const marker = await app.locator("[role=slider] [class*=marker]").last().boundingBox();
      expect((marker?.x ?? 0) + (marker?.width ?? 0) / 2).toBeCloseTo(x, 0);
    }
  }
});

test("the way to a day that is not over is dashed, in the chart and on the cards", async ({ page }) => {
  const days = toCustomPath(analytics, getDaysBefore(0, 30));
  const app = await openShop(page, mainShop, days);
  await expect(app.locator("[role=slider] svg > path[class*=open]")).toHaveCSS("stroke-dasharray", "4px, 4px");
  const over = await openShop(page, mainShop, toCustomPath(analytics, getDaysBefore(1, 30)));
  await expect(over.locator("[role=slider] svg > path[class*=line]")).toHaveCount(1);
  await expect(over.locator("[role=slider] svg > path[class*=open]")).toHaveCount(0);
  const dashboard = await openShop(page, mainShop, toCustomPath("/app", getDaysBefore(0, 30)));
  const first = dashboard.locator("svg[preserveAspectRatio=none]").first();
  await expect(first.locator("path[class*=open]")).toHaveCSS("stroke-dasharray", "4px, 4px");
});

test.describe("with forced colours a day by itself is hollow until it is over", () => {
  for (const { colorScheme, ink } of [
    { colorScheme: "dark", ink: "rgb(255, 255, 255)" },
    { colorScheme: "light", ink: "rgb(0, 0, 0)" },
  ] as const) {
    test(`on a ${colorScheme} ground`, async ({ page }) => {
      await page.emulateMedia({ forcedColors: "active", colorScheme });
      const app = await openShop(page, mainShop, toCustomPath(analytics, getDaysBefore(0, 1)));
      const [dot, hole] = [
        app.locator("[role=slider] svg > path[class*=loneDot]"),
        app.locator("[role=slider] svg > path[class*=hole]"),
      ];
      await expect(dot).toHaveCSS("stroke", ink);
      await expect(hole).not.toHaveCSS("stroke", ink);
      await openShop(page, mainShop, toCustomPath(analytics, getDaysBefore(1, 1)));
      await expect(dot).toHaveCSS("stroke", ink);
      await expect(hole).toHaveCount(0);
    });
  }
});

test("the cards' table is not in the page until it is opened, by the keyboard too, and stays then", async ({
  page,
}) => {
  const app = await openShop(page, mainShop, "/app?range=7");
  const { series, cohortSeries } = await fetchRange(page, getLastDays(7));
  const table = app.getByRole("region", { name: "The cards as a table", includeHidden: true }).locator("table");
  const summary = app.locator("summary", { hasText: "The cards as a table" });
  await expect(table).toHaveCount(0);
  await summary.focus();
  await page.keyboard.press("Enter");
  await expect(table).toBeVisible();
  const rows = await table
    .locator("tbody tr")
    .evaluateAll((all) => all.map((row) => [...row.querySelectorAll("th, td")].map((cell) => cell.textContent)));
  expect(rows).toEqual(
    series.map((day, index) => {
      const { sentClicked = 0, sentSubmitted = 0, submittedApproved = 0 } = cohortSeries[index] ?? {};
      return [
        toDayText(day.date),
        day.requestsSent.toLocaleString("en"),
        toShare(sentClicked, day.requestsSent),
        toShare(sentSubmitted, day.requestsSent),
        toShare(submittedApproved, day.submissionsCount),
        day.publishedCount.toLocaleString("en"),
      ];
    }),
  );
  await page.keyboard.press("Enter");
  await expect(table).toBeHidden();
  await expect(table).toHaveCount(1);
});
