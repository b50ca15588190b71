import type { Counts } from "~/testimonial-rollup";
import type { Locale } from "~/texts/locale";
import { media } from "./figures";
import { toShare } from "./share";

/** A part of a whole, ready to be shown. `share`: of 1, or null where the whole is zero. */
export type Part = { label: string; count: number; value: string; share: number | null; shareText: string };

/** The testimonials of a range by what they hold; the last part is the rest. */
export function toMediaParts(locale: Locale, totals: Counts): Part[] {
  const whole = totals[media.whole];
  const counted = media.parts.map(({ name, of }) => ({ name, count: totals[of] }));
  const rest = whole - counted.reduce((sum, { count }) => sum + count, 0);
  return [...counted, { name: media.rest, count: rest }].map(({ name, count }) => {
    const share = toShare(count, whole);
    return {
      label: locale.texts.media[name],
      count,
      value: locale.formatNumber(count),
      share,
      shareText: locale.formatPercent(share),
    };
  });
}
