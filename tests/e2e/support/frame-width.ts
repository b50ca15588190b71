import { expect, type Frame, type Page } from "@playwright/test";

/** Makes the app's frame, or the page that has no frame, as wide as that: wider than its window a frame can't be. */
export async function setWidth(page: Page, frame: Frame, width: number): Promise<void> {
  if (frame === page.mainFrame()) await page.setViewportSize({ width, height: 900 });
  else await page.locator("iframe").evaluate((iframe, px) => iframe.style.setProperty("width", `${px}px`), width);
  await expect.poll(() => frame.evaluate(() => innerWidth)).toBe(width);
}
