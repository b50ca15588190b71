import { expect, type FrameLocator, type Page, test } from "@playwright/test";
import { de } from "~/texts/de";
import { en } from "~/texts/en";
import { listEntries, toWords } from "../support/catalogue";
import { expectAccessible } from "./support/accessible";
import { findShop, getFrame, getLastDays, mainShop, openShop, openShopInGerman } from "./support/admin";
import { openDetails } from "./support/details";
import { dataRequest, forgetRoutes } from "./support/page-states";
import { fetchRange, locateValue, toCustomPath } from "./support/report";

test.afterEach(({ page }) => forgetRoutes(page));

const analytics = "/app/testimonials/analytics";
const wordsOf = (catalogue: unknown) => toWords(listEntries(catalogue).map(({ text }) => text));
const germanWords = wordsOf(de);
const englishWords = [...wordsOf(en)].filter((word) => !germanWords.has(word));

/** All that the page says, seen or heard, but for what customers wrote. */
async function readPage(page: Page): Promise<string[]> {
  return getFrame(page).evaluate(() => {
    const found: string[] = [document.title];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      if (!text.parentElement?.closest("script, style, [title]")) found.push(text.nodeValue ?? "");
    }
    const names = ["aria-label", "aria-valuetext", "placeholder", "alt"];
    for (const element of document.querySelectorAll(names.map((name) => `[${name}]`).join(","))) {
      found.push(...names.map((name) => element.getAttribute(name) ?? ""));
    }
    return found.filter((text) => text.trim());
  });
}

async function expectAllGerman(page: Page): Promise<void> {
  await expect(page.frameLocator("iframe").locator("html")).toHaveAttribute("lang", "de");
  await openDetails(getFrame(page));
  const texts = await readPage(page);
  expect(texts.length).toBeGreaterThan(10);
  const words = toWords(texts);
  expect(englishWords.length).toBeGreaterThan(100);
  expect(englishWords.filter((word) => words.has(word))).toEqual([]);
  // "Nov 3, 2026" and "12.3%".
  const months = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec";
  expect(texts.filter((text) => new RegExp(`\\b(${months}) \\d{1,2}(,|$)|\\d\\.\\d%`, "u").test(text))).toEqual([]);
}

const inGerman = (value: number, decimals = 0) =>
  value.toLocaleString("de", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });

test("the dashboard is German throughout, with German numbers, for everyone", async ({ page }) => {
  const app = await openShopInGerman(page, mainShop);
  await expect(app.getByRole("heading", { level: 1 })).toHaveText("Übersicht");
  await expect(page.locator("#app-menu a")).toHaveText(["Analysen"]);
  const { totals, cohort } = await fetchRange(page, getLastDays(30));
  expect(totals.requestsSent).toBeGreaterThan(999);
  await expect(locateValue(app, "Gesendete Anfragen")).toHaveText(inGerman(totals.requestsSent));
  const clickRate = `${inGerman((100 * cohort.sentClicked) / totals.requestsSent, 1)}\u00a0%`;
  await expect(locateValue(app, "Klickrate")).toHaveText(clickRate);
  await expectAllGerman(page);
  await expectAccessible(page);
});

test("the analytics are German throughout, for everyone", async ({ page }) => {
  const app = await openShopInGerman(page, mainShop, analytics);
  await expect(app.getByRole("heading", { level: 1 })).toHaveText("Analysen");
  await expect(app.getByRole("heading", { level: 2 })).toHaveText([
    "Von der Anfrage zur veröffentlichten Kundenstimme",
    "Video und Foto",
    "Raten",
    "Bewertungen",
    "Typische Zeiten",
    "Fehlgeschlagene und abgelaufene Anfragen",
    "Verlauf nach Tagen",
    "Nach Tagen",
  ]);
  await expectAllGerman(page);
  await expectAccessible(page);
  const download = page.waitForEvent("download");
  await app.getByRole("button", { name: "CSV herunterladen: Nach Tagen" }).click();
  expect((await download).suggestedFilename()).toMatch(/^kundenstimmen-nach-tagen_[\d-]{10}_[\d-]{10}\.csv$/);
});

for (const [name, path] of [
  ["dashboard", "/app"],
  ["analytics", analytics],
] as const) {
  test(`the ${name} is German without data, with wrong days and after a failure`, async ({ page }) => {
    await openShopInGerman(page, findShop("quiet"), path);
    await expectAllGerman(page);
    const app = await openShopInGerman(page, mainShop, toCustomPath(path, { from: "2026-02-31", to: "" }));
    await expect(app.getByText("Wählen Sie einen Tag.", { exact: true })).toBeVisible();
    await expectAllGerman(page);
    await page.route(dataRequest, (route) => route.abort());
    await app.getByRole("link", { name: "7 Tage" }).click();
    await expect(app.getByRole("heading", { name: "Die gewählten Tage konnten nicht geladen werden" })).toBeVisible();
    await expectAllGerman(page);
  });
}

async function expectLanguage(app: FrameLocator, tag: string, title: string): Promise<void> {
  await expect(app.getByRole("heading", { level: 1 })).toHaveText(title);
  await expect(app.locator("html")).toHaveAttribute("lang", tag);
}

test("the language stays on the way through the app, and when the frame is loaded anew there", async ({ page }) => {
  const app = await openShopInGerman(page, mainShop);
  await page.getByRole("link", { name: "Analysen" }).click();
  await expectLanguage(app, "de", "Analysen");
  await app.getByRole("link", { name: "7 Tage" }).click();
  await expect.poll(() => new URL(getFrame(page).url()).search).toMatch(/range=7.*locale=de/);
  await getFrame(page).evaluate(() => location.reload());
  await expectLanguage(app, "de", "Analysen");
  await getFrame(page).evaluate(() => location.assign("/app/testimonials?status=pending"));
  await expectLanguage(app, "de", "Kundenstimmen");
});

test("the admin changes the language on the page where it is, and keeps it from shop to shop", async ({ page }) => {
  const app = await openShop(page, mainShop, `${analytics}?range=7`);
  await expectLanguage(app, "en", "Analytics");
  await page.getByLabel("Language of the admin").selectOption("Deutsch");
  await expectLanguage(app, "de", "Analysen");
  expect(new URL(getFrame(page).url()).searchParams.get("range")).toBe("7");
  await page.locator(".switcher summary").click();
  await page.getByRole("link", { name: "juniper" }).click();
  await expectLanguage(app, "de", "Übersicht");
  await page.getByLabel("Language of the admin").selectOption("English");
  await expectLanguage(app, "en", "Dashboard");
});
