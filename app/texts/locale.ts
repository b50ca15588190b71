import { de } from "./de";
import { en } from "./en";
import { type Formats, makeFormats } from "./formats";
import type { Texts } from "./texts";

/** How a merchant is spoken to: `tag` is of BCP 47. */
export type Locale = Formats & { tag: string; dir: "ltr" | "rtl"; texts: Texts };

/** A language that runs from right to left says so here, beside its texts. */
const languages = new Map<string, Pick<Locale, "dir" | "texts">>([
  ["en", { dir: "ltr", texts: en }],
  ["de", { dir: "ltr", texts: de }],
]);

const defaultTag = "en";

/** Longer than any language with its script and region. */
const longestTag = 35;

/**
 * The tag of the locale that `value` asks for, by language and region; whatever it is, this does not throw. A language
 * without texts is spoken to in English with English formats: a month of another language in an English sentence would
 * be of neither. A region that the server has no formats for has those of its language, and so there are few tags.
 */
export function toLocaleTag(value: string | null): string {
  if (value === null || value.length > longestTag) return defaultTag;
  try {
    const { language, region } = new Intl.Locale(value.replaceAll("_", "-"));
    if (!languages.has(language)) return defaultTag;
    return Intl.NumberFormat(region ? `${language}-${region}` : language).resolvedOptions().locale;
  } catch {
    return defaultTag;
  }
}

const made = new Map<string, Locale>();

/** The locale of a tag that `toLocaleTag` gave. It is made once. */
export function getLocale(tag: string): Locale {
  const known = made.get(tag);
  if (known) return known;
  const language = languages.get(toLanguage(tag)) ?? { dir: "ltr", texts: en };
  const locale = { tag, ...language, ...makeFormats(tag) };
  made.set(tag, locale);
  return locale;
}

/** English, where nobody has said which language a visitor reads. */
export const english = getLocale(defaultTag);

/** The language of a tag. */
export function toLanguage(tag: string): string {
  return new Intl.Locale(tag).language;
}
