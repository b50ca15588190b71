/** The languages that the demo's admin can be told to speak to the app in, by their tags, as they call themselves. */
export const languages = { en: "English", de: "Deutsch" };

type Language = keyof typeof languages;

/** The language of the tag in an address, or English. */
export function toLanguage(tag: unknown): Language {
  return typeof tag === "string" && Object.hasOwn(languages, tag) ? (tag as Language) : "en";
}
