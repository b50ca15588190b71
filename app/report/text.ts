// One locale and one zone, on the server and in the browser: what React renders there must be what it finds here.

const number = new Intl.NumberFormat("en");
const oneDecimal = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
const percent = new Intl.NumberFormat("en", { style: "percent", ...oneDecimal });
const size = new Intl.NumberFormat("en", oneDecimal);
const shortDay = new Intl.DateTimeFormat("en", { timeZone: "UTC", month: "short", day: "numeric" });
const month = new Intl.DateTimeFormat("en", { timeZone: "UTC", month: "short", year: "numeric" });
const longDay = new Intl.DateTimeFormat("en", { timeZone: "UTC", month: "short", day: "numeric", year: "numeric" });

/** What stands where there is no number. */
export const dash = "–";

/** 1234567 as "1,234,567". */
export function toNumberText(value: number): string {
  return number.format(value);
}

/** A share of 1 as "12.3%", or a dash where there is none. */
export function toPercentText(share: number | null): string {
  return share === null ? dash : percent.format(share);
}

/** A difference of two shares of 1, without its sign, as "2.1 points". */
export function toPointsText(difference: number): string {
  return `${toSizeText(difference)} points`;
}

/** A change as a share of 1, without its sign, as "2.1%". */
export function toPercentChangeText(change: number): string {
  return `${toSizeText(change)}%`;
}

// A change that rounds to nothing is not "up 0".
function toSizeText(change: number): string {
  const text = size.format(Math.abs(change * 100));
  return text === "0.0" ? "less than 0.1" : text;
}

/** The share of `part` in `whole`, or null where there is nothing to divide by. */
export function toShare(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** "Nov 3" of a day. */
export function toShortDayText(day: string): string {
  return shortDay.format(Date.parse(day));
}

/** "Nov 2026" of a day. */
export function toMonthText(day: string): string {
  return month.format(Date.parse(day));
}

/** "Nov 3, 2026" of a day. */
export function toDayText(day: string): string {
  return longDay.format(Date.parse(day));
}

/** "Nov 3 – Nov 9, 2026" of two days, both inclusive. */
export function toDaysText(from: string, to: string): string {
  if (from === to) return toDayText(to);
  const isOneYear = from.slice(0, 4) === to.slice(0, 4);
  return `${isOneYear ? toShortDayText(from) : toDayText(from)} – ${toDayText(to)}`;
}

/** "14:05 UTC" of an ISO instant. */
export function toClockText(instant: string): string {
  return `${instant.slice(11, 16)} UTC`;
}

/** "Nov 3, 14:05 UTC" of an ISO instant. */
export function toInstantText(instant: string): string {
  return `${toShortDayText(instant.slice(0, 10))}, ${toClockText(instant)}`;
}
