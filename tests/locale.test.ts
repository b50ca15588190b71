import { expect, test } from "vitest";
import { loader } from "~/routes/app";
import { browser } from "./support/session-token";
import { addSession, makeDomain, toPageUrl } from "./support/shopify";

// The admin says in the frame's address which language its merchant reads. Anyone can write another one there.

async function open(locale: string | null) {
  const domain = makeDomain();
  await addSession(domain);
  const url = new URL(toPageUrl("/app", domain));
  if (locale !== null) url.searchParams.set("locale", locale);
  const request = new Request(url, { headers: { "User-Agent": browser } });
  const response = await loader({ request, params: {}, context: {} });
  expect(response.status).toBe(200);
  return response.json();
}

test("German comes with Polaris's words in German", async () => {
  const { locale, polarisTexts } = await open("de-AT");
  expect(locale).toBe("de-AT");
  expect(polarisTexts).toMatchObject({ Polaris: { Common: { cancel: "Abbrechen" } } });
});

test.for([null, "", "en", "fr", "ja", "x".repeat(5_000), "de\0", "%", "__proto__", "<b>", "🙂"])(
  "the locale %j opens the page in English",
  async (asked) => {
    expect(await open(asked)).toMatchObject({ locale: "en", polarisTexts: null });
  },
);
