import { expect, type FrameLocator, type Locator, type Page, test } from "@playwright/test";
import { expectAccessible } from "./support/accessible";
import { keepPicture, mainShop, openShop } from "./support/admin";
import { enough, measureContrast } from "./support/contrast";

const analytics = "/app/testimonials/analytics?range=90";

const media = [
  { name: "the page's own colours", options: {} },
  { name: "more contrast", options: { contrast: "more" } },
  { name: "forced colours on black", options: { forcedColors: "active", colorScheme: "dark" } },
  { name: "forced colours on white", options: { forcedColors: "active", colorScheme: "light" } },
] as const;

async function expectContrast(locator: Locator, property: string, least: number): Promise<void> {
  expect(await measureContrast(locator, property), `${property} of ${locator}`).toBeGreaterThanOrEqual(least);
}

/** The first of its kind that is shown; labels that only wider charts have are hidden. */
function locate(app: FrameLocator, selector: string): Locator {
  return app.locator(`${selector}:visible`).first();
}

async function expectFocusSeen(page: Page, locator: Locator): Promise<void> {
  await locator.focus();
  // The keyboard is what makes a browser show it.
  await page.keyboard.press("Shift");
  expect(await locator.evaluate((element) => element.matches(":focus-visible"))).toBe(true);
  await expect(locator).toHaveCSS("outline-style", "solid");
  await expectContrast(locator, "outline-color", enough.drawing);
}

test.describe("numbers are readable, and drawings and the focus are seen", () => {
  for (const { name, options } of media) {
    const tag = ["more contrast", "forced colours on white"].includes(name) ? "@deep" : [];
    test(`with ${name}`, { tag }, async ({ page }) => {
      await page.emulateMedia(options);
      const app = await openShop(page, mainShop, analytics);
      // Its latest days still await answers, so that their line is open.
      await app.getByLabel("Show", { exact: true }).selectOption("Click rate");
      await expectContrast(locate(app, "[role=slider] [class*=tick]"), "color", enough.text);
      await expectContrast(locate(app, "[role=slider] svg > path[class*=line]"), "stroke", enough.drawing);
      await expectContrast(locate(app, "[role=slider] svg > path[class*=open]"), "stroke", enough.drawing);
      await app.getByRole("slider").hover();
      await expectContrast(locate(app, "[role=slider] [class*=marker]"), "border-top-color", enough.drawing);
      await expectContrast(locate(app, "table svg rect[class*=dot]"), "fill", enough.drawing);
      await expectContrast(locate(app, "[aria-label='Days shown'] a:not([aria-current])"), "color", enough.text);
      await expectContrast(locate(app, "[aria-label='Days shown'] a[aria-current]"), "color", enough.text);
      await expectFocusSeen(page, app.getByRole("link", { name: "30 days" }));
      await expectFocusSeen(page, app.getByRole("link", { name: "90 days" }));
      await expectFocusSeen(page, app.getByRole("slider"));
      // Axe takes the ground for white whatever the system says.
      if (!("forcedColors" in options)) await expectAccessible(page);
      await keepPicture(page, name.replaceAll(/\W+/g, "-"));
    });
  }
});

test.describe("with forced colours the chosen preset, cards, bars and patterns can be told", () => {
  for (const colorScheme of ["dark", "light"] as const) {
    test(`on a ${colorScheme} ground`, { tag: colorScheme === "light" ? "@deep" : [] }, async ({ page }) => {
      await page.emulateMedia({ forcedColors: "active", colorScheme });
      const app = await openShop(page, mainShop, analytics);
      const [chosen, other] = [app.getByRole("link", { name: "90 days" }), app.getByRole("link", { name: "30 days" })];
      await expect(chosen).toHaveAttribute("aria-current", "true");
      const selected = await app.locator("body").evaluate((body) => {
        const probe = body.appendChild(document.createElement("p"));
        probe.style.cssText = "forced-color-adjust: none; background: SelectedItem; color: SelectedItemText";
        const { backgroundColor, color } = getComputedStyle(probe);
        probe.remove();
        return { backgroundColor, color };
      });
      await expect(chosen).toHaveCSS("background-color", selected.backgroundColor);
      await expect(chosen).toHaveCSS("color", selected.color);
      await expect(other).not.toHaveCSS("background-color", selected.backgroundColor);
      await expectContrast(chosen, "background-color", enough.drawing);

      // What a bar is a share of is outlined.
      const bar = locate(app, "table svg[class*=bar]");
      await expect(bar).toHaveCSS("outline-style", "solid");
      await expectContrast(bar, "outline-color", enough.drawing);
      for (const pattern of ["rect[class*=ink]", "circle[class*=ink]"]) {
        await expectContrast(app.locator(`pattern ${pattern}`).first(), "fill", enough.drawing);
      }
      const paper = app.locator("pattern rect[class*=Paper]").first();
      expect(await measureContrast(paper, "fill"), "between the stripes is the ground").toBe(1);
      await expect(app.locator(".Polaris-ShadowBevel").first()).toHaveCSS("border-top-style", "solid");
      await expect(app.getByRole("button", { name: "Download CSV: By day" })).toHaveCSS("border-top-style", "solid");
    });
  }
});
