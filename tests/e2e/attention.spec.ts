import { expect, type FrameLocator, test } from "@playwright/test";
import { expectAccessible } from "./support/accessible";
import { findShop, mainShop, openShop, openShopInGerman, simulate } from "./support/admin";

const title = "What to do next";

function listSentences(app: FrameLocator) {
  const heading = app.getByRole("heading", { level: 2, name: title });
  return heading.locator("xpath=ancestor::*[.//li][1]").getByRole("listitem");
}

test("each thing to do leads to the list it is about, and back", async ({ page }) => {
  const app = await openShop(page, mainShop);
  const ways = [
    ["Moderate", "The testimonials that wait for moderation."],
    ["See the oldest", "The testimonials that have waited longest."],
    ["See low ratings", "The testimonials with 1 or 2 stars that wait for moderation."],
  ] as const;
  await expect(listSentences(app)).toHaveText([
    /^\d+ testimonials wait for moderation\.Moderate$/,
    /^\d+ testimonials have waited for more than 14 days\.See the oldest$/,
    /^\d+ waiting testimonials have 1 or 2 stars\.See low ratings$/,
  ]);
  for (const [link, list] of ways) {
    await app.getByRole("link", { name: link, exact: true }).click();
    await expect(app.getByRole("heading", { level: 2, name: list })).toBeVisible();
    await app.getByRole("link", { name: "Dashboard" }).click();
    await expect(app.getByRole("heading", { level: 2, name: title })).toBeVisible();
  }
});

test("a fall of what is sent is told, whatever days are shown, and leads to the requests", async ({ page }) => {
  const app = await openShop(page, findShop("bluebird"), "/app?range=90");
  const fall = /^Fewer requests sent: \d+ in the last 7 days, after \d+ a week in the 4 weeks before\./;
  await expect(listSentences(app).filter({ hasText: fall })).toHaveCount(1);
  for (const width of [400, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    await expectAccessible(page);
  }
  await app.getByRole("link", { name: "See requests" }).click();
  await expect(app.getByRole("heading", { level: 2, name: "The requests that were sent." })).toBeVisible();
});

test("where nothing is to be done, nothing says so", async ({ page }) => {
  const app = await openShop(page, findShop("juniper"));
  await expect(app.getByRole("heading", { level: 2 }).first()).toHaveText("Requests sent");
  await expect(app.getByText(title)).toHaveCount(0);
});

test("what is done is gone from the list", async ({ page }) => {
  const app = await openShop(page, findShop("bluebird"));
  const waits = app.getByText(/testimonials? waits? for moderation/);
  const readCount = async () => Number.parseInt((await waits.textContent()) ?? "", 10);
  const before = await readCount();
  await simulate(page, "Approve the oldest pending");
  await expect.poll(readCount).toBe(before - 1);
  for (let left = before - 1; left > 0; left -= 1) await simulate(page, "Approve the oldest pending");
  await expect(waits).toHaveCount(0);
});

test("a new shop is led to its first request from both pages", async ({ page }) => {
  for (const pathname of ["/app", "/app/testimonials/analytics"]) {
    const app = await openShop(page, findShop("quiet"), pathname);
    await expectAccessible(page);
    await app.getByRole("link", { name: "Send your first request" }).click();
    await expect(app.getByRole("heading", { level: 2, name: "The form to send requests with." })).toBeVisible();
  }
});

test("ratings, times and lost requests stand beside the other analytics", async ({ page }) => {
  const app = await openShop(page, mainShop, "/app/testimonials/analytics?range=90");
  const ratings = app.getByRole("region", { name: "Ratings" }).getByRole("row");
  await expect(ratings).toHaveText([
    "RatingCountShare",
    ...[5, 4, 3, 2].map((stars) => new RegExp(`^${stars} stars[\\d,]+%?[\\d.]+%$`)),
    /^1 star[\d,]+[\d.]+%$/,
  ]);
  await expect(app.getByText(/^4\.\d of 5$/)).toBeVisible();
  await expect(app.getByRole("listitem").filter({ hasText: "From request sent to testimonial" })).toHaveText(/\d hr/);
  await expect(app.getByRole("listitem").filter({ hasText: /^Failed[\d,]+$/ })).toHaveCount(1);
  await expect(app.getByRole("listitem").filter({ hasText: /^Expired[\d,]{3,}$/ })).toHaveCount(1);
  await openShopInGerman(page, mainShop, "/app/testimonials/analytics");
  await expect(app.getByText("Fehlgeschlagene und abgelaufene Anfragen")).toBeVisible();
});
