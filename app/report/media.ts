import type { Counts } from "~/testimonial-rollup";
import { media } from "./figures";
import { toNumberText, toPercentText, toShare } from "./text";

/** A part of a whole, ready to be shown. `share`: of 1, or null where the whole is zero. */
export type Part = { label: string; value: string; share: number | null; shareText: string };

/** The testimonials of a range by what they hold; the last part is the rest. */
export function toMediaParts(totals: Counts): Part[] {
  const whole = totals[media.whole];
  const counted = media.parts.map(({ label, of }) => ({ label, count: totals[of] }));
  const rest = whole - counted.reduce((sum, { count }) => sum + count, 0);
  return [...counted, { label: media.rest, count: rest }].map(({ label, count }) => {
    const share = toShare(count, whole);
    return { label, value: toNumberText(count), share, shareText: toPercentText(share) };
  });
}
