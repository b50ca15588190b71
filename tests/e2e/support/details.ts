import { expect, type Frame, type FrameLocator, type Page } from "@playwright/test";

/** Opens all that can be opened, and waits until what it holds is there: it is put into the page when it is opened. */
export async function openDetails(scope: Page | Frame | FrameLocator): Promise<void> {
  for (const details of await scope.locator("details").all()) {
    if ((await details.getAttribute("open")) === null) await details.locator("summary").click();
    await expect(details.locator(":scope > :not(summary)").first()).toBeVisible();
  }
}
