import { utc } from "@date-fns/utc";
// One by one: all of date-fns together is loaded for longer than a command takes.
import { addDays as addDaysTo } from "date-fns/addDays";
import { differenceInCalendarDays } from "date-fns/differenceInCalendarDays";
import { isValid } from "date-fns/isValid";
import { lightFormat } from "date-fns/lightFormat";
import { parseISO } from "date-fns/parseISO";
import { subYears } from "date-fns/subYears";

declare const dayBrand: unique symbol;

/** A UTC day, `YYYY-MM-DD`. Days compare as strings. */
export type Day = string & { readonly [dayBrand]: true };

/** Days from `from` up to, and not including, `until`. */
export type DayRange = { from: Day; until: Day };

export const firstDay = "1970-01-01" as Day;
export const lastDay = "2999-12-31" as Day;

/** The longest range of one read or one rebuild: 5 calendar years, of which two can be leap years. */
export const maxRangeDays = 5 * 365 + 2;

/** True for a day of the calendar, written `YYYY-MM-DD`, from 1970-01-01 to 2999-12-31. */
export function isDay(value: string): value is Day {
  return /^\d{4}-\d{2}-\d{2}$/.test(value) && value >= firstDay && value <= lastDay && isValid(parseUtc(value));
}

/** The UTC day that `instant` lies in. */
export function toDay(instant: Date): Day {
  return instant.toISOString().slice(0, 10) as Day;
}

export function addDays(day: Day, days: number): Day {
  return lightFormat(addDaysTo(parseUtc(day), days, { in: utc }), "yyyy-MM-dd") as Day;
}

export function countDays(range: DayRange): number {
  return differenceInCalendarDays(parseUtc(range.until), parseUtc(range.from), { in: utc });
}

/** Every day of the range, in order. */
export function listDays(range: DayRange): Day[] {
  return Array.from({ length: countDays(range) }, (_, index) => addDays(range.from, index));
}

/** The range of `from` to `to`, both inclusive, as the HTTP and UI edges speak of it. */
export function toRange(from: Day, to: Day): DayRange {
  return { from, until: addDays(to, 1) };
}

/** The last day of the range: its inclusive end. */
export function lastDayOf(range: DayRange): Day {
  return addDays(range.until, -1);
}

/** The range of the same length that ends where `range` begins. */
export function previousRange(range: DayRange): DayRange {
  return { from: addDays(range.from, -countDays(range)), until: range.from };
}

/** The same day of the year before; of February 29 the 28th. */
export function toYearBefore(day: Day): Day {
  return lightFormat(subYears(parseUtc(day), 1, { in: utc }), "yyyy-MM-dd") as Day;
}

/** Today and the `lookbackDays` days before it. */
export function toWindow(today: Day, lookbackDays: number): DayRange {
  return { from: addDays(today, -lookbackDays), until: addDays(today, 1) };
}

function parseUtc(day: string) {
  return parseISO(day, { in: utc });
}
