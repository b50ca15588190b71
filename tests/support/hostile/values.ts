import fc from "fast-check";

/** Texts that somewhere, for somebody, were no mere texts. None names what an answer must not name. */
const hostileTexts = [
  "' or true --",
  "'; drop table shops; --",
  "1; select pg_sleep(60) --",
  "' union select null, null --",
  `"; truncate "Session" cascade; --`,
  "\\'; delete from shops where ''='",
  "$1",
  "$$",
  "%",
  "_",
  "\\",
  "../../../../etc/passwd",
  "..%2f..%2f",
  "//evil.example.com",
  "<script>alert(1)</script>",
  "{{7*7}}",
  "$" + "{7*7}",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "null",
  "undefined",
  "NaN",
  "true",
  "-1",
  "0",
  "1e999",
  "0x7f",
  "٣",
  "9".repeat(400),
  "",
  " ",
  "\t",
  "\r\nX-Injected: yes",
  "\u0000",
  "a\u0000b",
  "\ud800",
  "\udfff\ud800",
  "\u202e",
  "\ufeff",
  "İ",
  "ﷺ",
  "😀",
  "x".repeat(300),
  "x".repeat(4_000),
];

const digits = (count: number) => (value: number) => `${value}`.padStart(count, "0");

/** A day, or nearly one. */
const nearDays: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: fc.integer({ min: 1969, max: 2031 }) },
      fc.constantFrom(0, 2999, 3000, 9999, 12026),
    ),
    fc.integer({ min: 0, max: 13 }),
    fc.integer({ min: 0, max: 32 }),
    fc.constantFrom("-", "-", "-", "-", "-", "/", "", "\u2010"),
    fc.constantFrom("", "", "", "", "", " ", "T00:00:00Z", "\n", "\u0000", "'"),
  )
  .map(([year, month, day, dash, end]) => [digits(4)(year), digits(2)(month), digits(2)(day)].join(dash) + end);

/** A day that is one. */
export const days: fc.Arbitrary<string> = fc
  .integer({ min: 0, max: 3_000 })
  .map((offset) => new Date(Date.UTC(2020, 0, 1) + offset * 86_400_000).toISOString().slice(0, 10));

export const texts: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...hostileTexts) },
  { weight: 2, arbitrary: nearDays },
  { weight: 1, arbitrary: days },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 30 }) },
  { weight: 1, arbitrary: fc.oneof(fc.integer(), fc.double()).map(String) },
);

/** Any JSON value, a text that is none, or one of a shape that only looks right. */
export const jsonValues: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: texts },
  { weight: 1, arbitrary: fc.constantFrom(null, true, false, 0, -0, 1e308, [], {}, [[]], [null], { length: 1 }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.array(texts, { maxLength: 3 }) },
  { weight: 1, arbitrary: texts.map((value) => ({ $ne: value, toString: value })) },
);

/** An object of the fields, each perhaps missing, wrong or doubled, and perhaps one that nobody knows. */
export function objectsOf(fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<string> {
  const members = Object.entries(fields).map(([name, right]) =>
    fc.oneof(
      { weight: 5, arbitrary: right.map((value) => [[name, value]]) },
      { weight: 2, arbitrary: jsonValues.map((value) => [[name, value]]) },
      {
        weight: 1,
        arbitrary: fc.tuple(right, jsonValues).map(([one, two]) => [
          [name, one],
          [name, two],
        ]),
      },
      { weight: 1, arbitrary: fc.constant([]) },
    ),
  );
  const unknown = fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.tuple(texts, jsonValues).map((member) => [member]) },
  );
  return fc
    .tuple(...members, unknown)
    .map((parts) => parts.flat() as [string, unknown][])
    .map((all) => `{${all.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value) ?? "null"}`)}}`);
}

/** What is no JSON object at all. */
export const brokenBodies: fc.Arbitrary<string> = fc.oneof(
  texts,
  jsonValues.map((value) => JSON.stringify(value) ?? ""),
  fc.constantFrom("[".repeat(20_000), `${'{"a":'.repeat(9_000)}1${"}".repeat(9_000)}`, " ".repeat(70_000), "a=1&b=2"),
);
