import fc from "fast-check";

/** A day counted from today, or one far away by its date. */
type DayPlan = number | "1970-01-01" | "2099-12-31";

/** An instant as a step plans it, before it is known which day is today. */
export type InstantPlan = { day: DayPlan; time: string } | "infinity" | "-infinity" | null;

/** The planned days, counted from today: 40 of them. */
const firstPlannedDay = -36;
const lastPlannedDay = 3;

const dayMs = 86_400_000;

/** Around midnight, to the microsecond: the columns keep milliseconds, so that one of these is on the next day. */
const times = ["12:00:00", "00:00:00", "23:59:59.999", "23:59:59.999499", "23:59:59.999501", "00:00:00.000499"];

const finite = fc.record({
  day: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: -2, max: 1 }) },
    { weight: 12, arbitrary: fc.integer({ min: firstPlannedDay, max: lastPlannedDay }) },
    { weight: 1, arbitrary: fc.constantFrom("1970-01-01" as const, "2099-12-31" as const) },
  ),
  time: fc.constantFrom(...times),
});

export const someInstant: fc.Arbitrary<InstantPlan> = fc.oneof(
  { weight: 20, arbitrary: finite },
  { weight: 1, arbitrary: fc.constantFrom("infinity" as const, "-infinity" as const) },
);

export const instantOrNull: fc.Arbitrary<InstantPlan> = fc.oneof(
  { weight: 3, arbitrary: someInstant },
  { weight: 1, arbitrary: fc.constant(null) },
);

/** The text that a writer sends for the instant. */
export function toSqlText(plan: InstantPlan, today: string): string | null {
  if (plan === null || typeof plan === "string") return plan;
  return `${typeof plan.day === "string" ? plan.day : shiftDay(today, plan.day)} ${plan.time}`;
}

/** What a column of milliseconds keeps of that text: an ISO text, or "infinity". */
export function toKept(text: string | null): string | null {
  if (text === null || text.endsWith("infinity")) return text;
  const [seconds, fraction = ""] = text.split(".");
  const milliseconds = Math.round(Number(fraction.padEnd(6, "0")) / 1000);
  return new Date(Date.parse(`${seconds?.replace(" ", "T")}Z`) + milliseconds).toISOString();
}

/** The day so many days after `day`. */
export function shiftDay(day: string, days: number): string {
  return new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);
}

/** The kept instant so many days later. The infinite ones stay where they are. */
export function shiftKept(kept: string | null, days: number): string | null {
  if (kept === null || kept.endsWith("infinity")) return kept;
  return new Date(Date.parse(kept) + days * dayMs).toISOString();
}

/** Days in order, both included. */
export function listDays(from: string, to: string): string[] {
  const days: string[] = [];
  for (let day = from; day <= to; day = shiftDay(day, 1)) days.push(day);
  return days;
}

/** The range that holds the planned days, and the one before and after them. */
export function getNearRange(today: string): { from: string; to: string } {
  return { from: shiftDay(today, firstPlannedDay - 1), to: shiftDay(today, lastPlannedDay + 1) };
}

/** Ranges that hold every day that steps plan: the near one and the far ones. */
export function listPlannedRanges(today: string): { from: string; to: string }[] {
  return [getNearRange(today), { from: "1970-01-01", to: "1970-01-05" }, { from: "2099-12-30", to: "2100-01-05" }];
}

/** Stands for any instant of a day, such as the moment at which the database stamps a row. */
export function noonOf(day: string): string {
  return `${day}T12:00:00.000Z`;
}
