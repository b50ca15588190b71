import { toClockText, toDaysText, toInstantText } from "./text";

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

const outlook = "Nothing is lost, and this page keeps trying.";

/** What a merchant is told of loads that failed, in a line and in a few. */
export function toFailureText(remains: Remains): { title: string; text: string } {
  const { state, days, asOf, isOfOtherDays, failedAt } = remains;
  if (state === "new") return { title: "Could not refresh", text: outlook };
  if (!days || asOf === null) {
    return {
      title: "The numbers could not be read",
      text: `They are counted from your testimonials, which are safe. ${outlook}`,
    };
  }
  const instant = toAsOfText(asOf, failedAt);
  const shown = toDaysText(days.from, days.to);
  if (isOfOtherDays) {
    return {
      title: "The days you chose could not be loaded",
      text: `Below are still the numbers of ${shown}, as of ${instant}. ${outlook}`,
    };
  }
  return { title: `Could not refresh; numbers as of ${instant}`, text: `They are of ${shown}. ${outlook}` };
}

/** The clock alone, where both are of the same day. */
function toAsOfText(asOf: string, now: string): string {
  return asOf.slice(0, 10) === now.slice(0, 10) ? toClockText(asOf) : toInstantText(asOf);
}
