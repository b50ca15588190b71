import { test } from "@playwright/test";
import { expectAccessible } from "./support/accessible";
import { expectNoOverflow, forgetRoutes, keepFullPicture, pageStates } from "./support/page-states";

test.afterEach(({ page }) => forgetRoutes(page));

const pages = [
  { name: "dashboard", pathname: "/app" },
  { name: "analytics", pathname: "/app/testimonials/analytics" },
];

for (const { name, pathname } of pages) {
  for (const state of pageStates) {
    const others = name === "analytics" ? ["zeros", "range-wrong"] : ["very-large", "failed", "long-numbers"];
    const tag = others.includes(state.name) ? "@deep" : [];
    test(`the ${name}, wide and narrow: ${state.name}`, { tag }, async ({ page }) => {
      await state.show(page, pathname);
      for (const width of [1280, 400]) {
        await page.setViewportSize({ width, height: 900 });
        await expectAccessible(page);
        await expectNoOverflow(page);
        if (process.env.E2E_PICTURES) await keepFullPicture(page, `${name}-${state.name}-${width}`);
      }
    });
  }
}
