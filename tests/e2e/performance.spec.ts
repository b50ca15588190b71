import { expect, test } from "@playwright/test";
import { expectSentToday, getFrame, getToday, mainShop, openShop, readTotals } from "./support/admin";
import { measureDelay, readFigures } from "./support/performance";

const pages = [
  { name: "dashboard, 90 days", path: "/app?range=90" },
  // Add the analytics page here.
];

for (const { name, path } of pages) {
  test(`the figures of the ${name}, largest shop`, async ({ page }) => {
    await openShop(page, mainShop, path);
    const frame = getFrame(page);
    const { lcpMs, cls, scripts, scriptBytes } = await readFigures(frame);
    const clickMs = await measureDelay(page, frame, () =>
      frame.locator("a:visible, button:visible, h1").first().click(),
    );
    const figures = `LCP ${Math.round(lcpMs)} ms, CLS ${cls.toFixed(3)}, click ${clickMs} ms, scripts ${toKilobytes(scriptBytes)}`;
    process.stdout.write(`\n${name}: ${figures}\n`);
    for (const script of [...scripts].sort((one, other) => other.bytes - one.bytes)) {
      process.stdout.write(`  ${toKilobytes(script.bytes).padStart(9)}  ${script.name}\n`);
    }
    test.info().annotations.push({ type: "figures", description: figures });
    expect(lcpMs).toBeLessThan(2_500);
    expect(cls).toBeLessThanOrEqual(0.1);
    expect(clickMs).toBeLessThanOrEqual(200);
  });
}

test("a simulated change shows within a second of the write", async ({ page }) => {
  const app = await openShop(page, mainShop);
  const { totals } = await readTotals(page, mainShop, getToday());
  const written = page.waitForResponse((response) => response.url().includes("/admin/simulate/"));
  await page.getByRole("button", { name: "Send 50 requests" }).click();
  await written;
  const startedAt = performance.now();
  await expectSentToday(app, (totals.requestsSent ?? 0) + 50);
  const tookMs = performance.now() - startedAt;
  process.stdout.write(`\nsimulate and see: ${Math.round(tookMs)} ms after the write was answered\n`);
  expect(tookMs).toBeLessThan(1_000);
});

function toKilobytes(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} kB`;
}
