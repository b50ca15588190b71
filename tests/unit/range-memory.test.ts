import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readRangeQuery, rememberRange } from "~/http/range-memory.server";
import type { Day } from "~/services/rollup/day";

const today = "2026-11-26" as Day;

/** What is read of an address by a browser that has the cookie. */
async function read(search: string, cookie?: string) {
  const headers = new Headers(cookie === undefined ? {} : { Cookie: cookie });
  const { query, isFromAddress } = await readRangeQuery(
    new Request(`https://app.test/app${search}`, { headers }),
    today,
  );
  return { query: query.toString(), isFromAddress };
}

/** The cookie of a choice, as a browser sends it back. */
async function keep(search: string): Promise<string> {
  const [pair = ""] = (await rememberRange(search)).split(";");
  return pair;
}

/** A cookie of the same name with any value in it. */
function forge(value: unknown): string {
  return `days=${encodeURIComponent(Buffer.from(JSON.stringify(value)).toString("base64"))}`;
}

test("the cookie is kept for a year, for the app's pages alone, out of reach of scripts and in the admin's frame", async () => {
  const [pair, ...attributes] = (await rememberRange("?range=7")).split("; ");
  expect(pair).toMatch(/^days=[\w%=]+$/);
  expect(attributes.sort()).toEqual([
    "HttpOnly",
    "Max-Age=31536000",
    "Partitioned",
    "Path=/app",
    "SameSite=None",
    "Secure",
  ]);
});

describe("the days chosen last", () => {
  test.each([
    "range=7",
    "range=all&compare=year",
    "range=today",
    "range=custom&from=2026-01-01&to=2026-01-31",
    "range=custom&from=2026-01-01&to=2026-01-31&compare=year",
  ])("are shown where the address names none: %s", async (chosen) => {
    const cookie = await keep(`?${chosen}`);
    expect(await read("", cookie)).toEqual({ query: chosen, isFromAddress: false });
    expect(await read("", `other=1; ${cookie}; last=x`)).toEqual({ query: chosen, isFromAddress: false });
    const { query } = await read("?embedded=1&shop=a.myshopify.com", cookie);
    expect(query).toBe(`embedded=1&shop=a.myshopify.com&${chosen}`);
  });

  test("give way to those of the address, right or wrong", async () => {
    const cookie = await keep("?range=7&compare=year");
    for (const search of ["range=90", "range=", "range=nothing", "range=custom&from=x"]) {
      expect(await read(`?${search}`, cookie)).toEqual({ query: search, isFromAddress: true });
    }
  });

  test("are none on a first visit", async () => {
    expect(await read("")).toEqual({ query: "", isFromAddress: false });
    expect(await read("?shop=a", "")).toEqual({ query: "shop=a", isFromAddress: false });
  });
});

describe("a cookie that the app did not write", () => {
  const hostile: [name: string, cookie: string][] = [
    ["no value", "days="],
    ["no base64", "days=%%%"],
    ["no JSON", `days=${Buffer.from("{range").toString("base64")}`],
    ["no text", forge({ range: "7" })],
    ["null", forge(null)],
    ["a list", forge(["range=7"])],
    ["a long text", forge(`range=7&from=${"x".repeat(100)}`)],
    ["as much as a header holds", forge("range=7&".repeat(1_500))],
    ["no range that there is", forge("range=14")],
    ["days that make no range", forge("range=custom&from=2026-02-31&to=2026-03-01")],
    ["days that have not begun", forge("range=custom&from=2026-11-20&to=2999-01-01")],
    ["a range of no days", forge("range=custom")],
    ["nothing of the days", forge("shop=other.myshopify.com&last=2026-01-01_2026-01-02&id_token=x")],
    ["lone surrogates", forge("\ud800range=\udfff")],
    ["prototypes", forge("__proto__=7&range=__proto__")],
  ];

  test.each(hostile)("with %s changes nothing", async (_, cookie) => {
    expect(await read("?shop=a", cookie)).toEqual({ query: "shop=a", isFromAddress: false });
  });

  test("of any text never throws, and adds no field but those of the days", async () => {
    const value = fc.oneof(
      fc.string({ unit: "binary" }).map(forge),
      fc.string().map((text) => `days=${text}`),
    );
    await fc.assert(
      fc.asyncProperty(value, async (cookie) => {
        // A header holds bytes alone.
        const { query } = await read(
          "?shop=a",
          Buffer.from(cookie)
            .toString("latin1")
            .replaceAll(/[\0\r\n]/g, ""),
        );
        for (const name of new URLSearchParams(query).keys()) {
          expect(["shop", "range", "from", "to", "compare"]).toContain(name);
        }
      }),
      { numRuns: 300 },
    );
  });
});
