import { test } from "@playwright/test";
import { expectAccessible } from "./support/accessible";
import { expectNoOverflow, keepFullPicture, pageStates } from "./support/page-states";

const pages = [
  { name: "dashboard", pathname: "/app" },
  { name: "analytics", pathname: "/app/testimonials/analytics" },
];

for (const width of [1280, 400]) {
  test.describe(`at ${width} px`, () => {
    test.use({ viewport: { width, height: 900 } });

    for (const { name, pathname } of pages) {
      for (const state of pageStates) {
        test(`the ${name}: ${state.name}`, async ({ page }) => {
          await state.show(page, pathname);
          await expectAccessible(page);
          await expectNoOverflow(page);
          await keepFullPicture(page, `${name}-${state.name}-${width}`);
        });
      }
    }
  });
}
