/** Values that are no day, whatever the name of the field. */
export const badDays = [
  "2026-02-30",
  "2026-13-01",
  "2026-00-10",
  "2026-01-00",
  "2025-02-29",
  "1900-02-29",
  "0000-01-01",
  "1969-12-31",
  "3000-01-01",
  " 2026-01-01",
  "2026-01-01 ",
  "2026-01-01\n",
  "2026-1-1",
  "01.01.2026",
  "20260101",
  "+002026-01-01",
  "2026-01-01T00:00:00Z",
  "2026-01-01\u0000",
  "２０２６-01-01",
  "today",
  "",
];

export const dayAllowed = /day as YYYY-MM-DD, from 1970-01-01 to 2999-12-31/;

/** The longest range, five calendar years with two leap years in them: 1,827 days, both ends included. */
export const longestRange = { from: "2023-03-01", to: "2028-02-29" };

/** One day more. */
export const tooLongRange = { from: "2023-03-01", to: "2028-03-01" };
