/** What stands where there is no number. */
export const dash = "–";

/** How numbers and days are written in a locale. Days are YYYY-MM-DD, instants ISO 8601 with Z; all are UTC. */
export type Formats = ReturnType<typeof makeFormats>;

const oneDecimal = { minimumFractionDigits: 1, maximumFractionDigits: 1 };

/** Makes the formats of a locale. Its formatters are costly: call it once for each. */
export function makeFormats(tag: string) {
  const number = makeNumberFormat(tag);
  const compact = makeNumberFormat(tag, { notation: "compact" });
  const decimal = makeNumberFormat(tag, { maximumFractionDigits: 1 });
  const size = makeNumberFormat(tag, oneDecimal);
  const percent = makeNumberFormat(tag, { style: "percent", ...oneDecimal });
  const shortPercent = makeNumberFormat(tag, { style: "percent", maximumFractionDigits: 1 });
  const shortDay = makeDayFormat(tag, { month: "short", day: "numeric" });
  const month = makeDayFormat(tag, { month: "short", year: "numeric" });
  const longDay = makeDayFormat(tag, { month: "short", day: "numeric", year: "numeric" });

  const [hours, minutes] = [makeUnitFormat(tag, "hour"), makeUnitFormat(tag, "minute")];
  const days = makeNumberFormat(tag, { style: "unit", unit: "day", unitDisplay: "long", maximumFractionDigits: 1 });

  /** "12 min", "4 hr 20 min" or "3.2 days" of so many seconds: of two days and more, the parts of an hour say nothing. */
  function formatDuration(seconds: number): string {
    const whole = Math.round(seconds / 60);
    if (whole >= 48 * 60) return days(seconds / 86_400);
    if (whole < 60) return minutes(whole);
    return whole % 60 === 0 ? hours(whole / 60) : `${hours(Math.floor(whole / 60))} ${minutes(whole % 60)}`;
  }

  /** "Nov 3 – Nov 9, 2026" of two days, both inclusive. */
  function formatDays(from: string, to: string): string {
    if (from === to) return longDay(to);
    const isOneYear = from.slice(0, 4) === to.slice(0, 4);
    return `${isOneYear ? shortDay(from) : longDay(from)} – ${longDay(to)}`;
  }

  return {
    /** 1234567 as "1,234,567". */
    formatNumber: number,
    /** 12345 as "12K", for an axis. */
    formatCompact: compact,
    /** 4.25 as "4.3" and 4 as "4". */
    formatDecimal: decimal,
    /** 2 as "2.0". */
    formatSize: size,
    /** A share of 1 as "12.3%", or a dash where there is none. */
    formatPercent: (share: number | null) => (share === null ? dash : percent(share)),
    /** A share of 1 as "12%", for an axis. */
    formatShortPercent: shortPercent,
    /** "Nov 3" of a day. */
    formatShortDay: shortDay,
    /** "Nov 2026" of a day. */
    formatMonth: month,
    /** "Nov 3, 2026" of a day. */
    formatDay: longDay,
    formatDays,
    formatDuration,
    /** "14:05 UTC" of an instant. */
    formatClock: toClock,
    /** "Nov 3, 14:05 UTC" of an instant. */
    formatInstant: (instant: string) => `${shortDay(instant.slice(0, 10))}, ${toClock(instant)}`,
  };
}

function makeNumberFormat(tag: string, options?: Intl.NumberFormatOptions): (value: number) => string {
  const format = new Intl.NumberFormat(tag, options);
  return (value) => toPlain(format.format(value));
}

function makeUnitFormat(tag: string, unit: "hour" | "minute"): (value: number) => string {
  return makeNumberFormat(tag, { style: "unit", unit, unitDisplay: "short" });
}

function makeDayFormat(tag: string, options: Intl.DateTimeFormatOptions): (day: string) => string {
  const format = new Intl.DateTimeFormat(tag, { timeZone: "UTC", ...options });
  return (day) => toPlain(format.format(Date.parse(day)));
}

function toClock(instant: string): string {
  return `${instant.slice(11, 16)} UTC`;
}

/**
 * What React renders in the browser must be what the server wrote, though their data on locales may be of other years:
 * what changed from one to the next is the kind of space between two parts, and Switzerland's apostrophe.
 */
function toPlain(text: string): string {
  return text.replaceAll("\u202f", "\u00a0").replaceAll("’", "'");
}
