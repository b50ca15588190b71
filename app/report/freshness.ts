import type { Freshness } from "~/services/rollup/read/read.server";
import type { Locale } from "~/texts/locale";

/** How fresh the numbers of a page are, and up to which day they are sealed, in one quiet line. */
export function toFreshnessText(locale: Locale, freshness: Freshness): string {
  const { sealedUntil } = freshness;
  const texts = locale.texts.freshness;
  const sealed = sealedUntil && texts.sealed(locale.formatDay(sealedUntil));
  return [texts.daysAreUtc, toAsOfText(locale, freshness), sealed].filter(Boolean).join(" ");
}

function toAsOfText(
  { texts: { freshness }, formatClock, formatNumber }: Locale,
  { asOf, liveDays }: Freshness,
): string {
  if (liveDays === 0) return freshness.upToDate(formatClock(asOf));
  return freshness.recounted(liveDays, formatNumber(liveDays), formatClock(asOf));
}
