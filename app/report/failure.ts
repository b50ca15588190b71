import type { Locale } from "~/texts/locale";

/** What a page still shows after loads that failed. */
export type Remains = {
  /** `new`: that the shop has no data yet. */
  state: "ready" | "new" | "failed";
  days: { from: string; to: string } | null;
  /** The instant of its numbers, or null where it shows none. */
  asOf: string | null;
  isOfOtherDays: boolean;
  /** When the last load failed. */
  failedAt: string;
};

/** What a merchant is told of loads that failed, in a line and in a few. */
export function toFailureText(locale: Locale, remains: Remains): { title: string; text: string } {
  const { state, days, asOf, isOfOtherDays, failedAt } = remains;
  const { failure } = locale.texts;
  if (state === "new") return { title: failure.notRefreshed, text: failure.outlook };
  if (!days || asOf === null) return { title: failure.notRead, text: `${failure.safe} ${failure.outlook}` };
  const instant = toAsOfText(locale, asOf, failedAt);
  const shown = locale.formatDays(days.from, days.to);
  if (isOfOtherDays) {
    return { title: failure.otherDaysNotLoaded, text: `${failure.stillShown(shown, instant)} ${failure.outlook}` };
  }
  return { title: failure.notRefreshedSince(instant), text: `${failure.numbersOf(shown)} ${failure.outlook}` };
}

/** The clock alone, where both are of the same day. */
function toAsOfText({ formatClock, formatInstant }: Locale, asOf: string, now: string): string {
  return asOf.slice(0, 10) === now.slice(0, 10) ? formatClock(asOf) : formatInstant(asOf);
}
