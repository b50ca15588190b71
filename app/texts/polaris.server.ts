import type { AppProviderProps } from "@shopify/polaris";
import { toLanguage } from "./locale";

/**
 * Polaris's own words in the language of a locale, which go to the browser with the page: nobody else loads them. Null
 * for English, which Polaris's provider has by itself.
 */
export async function loadPolarisTexts(tag: string): Promise<AppProviderProps["i18n"] | null> {
  if (toLanguage(tag) !== "de") return null;
  const { default: texts } = await import("@shopify/polaris/locales/de.json", { with: { type: "json" } });
  return texts;
}
