import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** Looks at the admin and the app in its frame together. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations, passes } = await new AxeBuilder({ page })
    // A frame that is busy for longer than half a second would be passed over.
    .options({ pingWaitTime: 20_000 })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"])
    .analyze();
  const found = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    at: nodes.map(({ target }) => target.join(" ")),
  }));
  expect(found).toEqual([]);
  // Otherwise the frame was not looked at, and nothing found means nothing.
  const hasFrame = (await page.locator("iframe").count()) > 0;
  const inFrame = passes.some(({ nodes }) => nodes.some(({ target }) => target.length > 1));
  expect(inFrame).toBe(hasFrame);
}
