import { afterEach, describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import * as rebuildRoute from "~/routes/jobs.rebuild";
import { settleSweeps } from "~/services/rollup/jobs/sweep-worker.server";
import { badDays, dayAllowed, longestRange, tooLongRange } from "./support/bad-ranges";
import { call, operator } from "./support/call";
import { type ExpectedIssue, expectRefused } from "./support/refusal";

const range = { fromDate: "2026-01-01", toDate: "2026-01-31" };
const maxBytes = 64 * 1024;

function post(body: BodyInit | undefined): Promise<Response> {
  return call(rebuildRoute, "/jobs/rebuild", { method: "POST", headers: operator, body, duplex: "half" });
}

async function expectBadInput(body: unknown, ...issues: ExpectedIssue[]): Promise<void> {
  await expectRefused(() => post(JSON.stringify(body)), { status: 400, code: "bad_input", issues });
}

afterEach(async () => {
  await settleSweeps(rollup.engine);
  await db.rollupRun.deleteMany();
});

describe("the range of a rebuild", () => {
  test.for(badDays)("the day %j is refused at either end", async (value) => {
    await expectBadInput({ ...range, fromDate: value }, { field: "fromDate", value, allowed: dayAllowed });
    await expectBadInput({ ...range, toDate: value }, { field: "toDate", value, allowed: dayAllowed });
  });

  test.for([null, 20260101, true, [], {}, ["2026-01-01"], { day: 1 }])("the value %j is no day", async (value) => {
    await expectBadInput({ ...range, fromDate: value }, { field: "fromDate", value, allowed: dayAllowed });
  });

  test("both ends missing are named both", () =>
    expectBadInput(
      {},
      { field: "fromDate", value: null, allowed: dayAllowed },
      { field: "toDate", value: null, allowed: dayAllowed },
    ));

  test("a reversed range is refused", () =>
    expectBadInput(
      { fromDate: "2026-01-02", toDate: "2026-01-01" },
      { field: "toDate", value: "2026-01-01", allowed: /not be before fromDate \(2026-01-02\)/ },
    ));

  test("1,828 days are refused and 1,827 accepted", async () => {
    await expectBadInput(
      { fromDate: tooLongRange.from, toDate: tooLongRange.to },
      { field: "toDate", value: tooLongRange.to, allowed: /at most 1827 days/ },
    );
    const accepted = await post(JSON.stringify({ fromDate: longestRange.from, toDate: longestRange.to }));
    expect(accepted.status).toBe(202);
  });
});

describe("the other fields of a rebuild", () => {
  test.for(["dryrun", "from", "shop_id", "__proto__", "constructor", "toString", ""])(
    "the unknown field %j is refused",
    async (field) => {
      const body = `{"fromDate":"2026-01-01","toDate":"2026-01-31",${JSON.stringify(field)}:{"isAdmin":true}}`;
      await expectRefused(() => post(body), {
        status: 400,
        issues: [{ field, value: { isAdmin: true }, allowed: /not a known field/ }],
      });
    },
  );

  test("an unknown field nested thousands of levels deep is refused, and not repeated", async () => {
    const deep = `${'{"a":'.repeat(9_000)}1${"}".repeat(9_000)}`;
    await expectRefused(() => post(`{"fromDate":"2026-01-01","toDate":"2026-01-31","x":${deep}}`), {
      status: 400,
      issues: [{ field: "x", value: expect.stringMatching(/^nested too deeply/), allowed: /not a known field/ }],
    });
  });

  test.for(["true", 1, 0, null, [], {}])("dryRun %j is refused", (value) =>
    expectBadInput({ ...range, dryRun: value }, { field: "dryRun", value, allowed: /true or false/ }),
  );

  test.for<unknown>(["", "a\u0000b", "\u0000", "tab\there", "\ud800", 7, null, [], { ne: "" }])(
    "the shop id %j is refused",
    (value) => expectBadInput({ ...range, shopId: value }, { field: "shopId", value, allowed: /1 to 255 characters/ }),
  );

  test("a shop id of 256 characters is refused, and repeated in part", () =>
    expectBadInput(
      { ...range, shopId: "x".repeat(256) },
      { field: "shopId", value: expect.stringMatching(/^"x{254}…$/), allowed: /1 to 255 characters/ },
    ));

  test.for(["none", "x".repeat(255), "' or true --", "%", "\ud83d\ude00"])(
    "the unknown shop %j answers 404",
    async (value) => {
      await expectRefused(() => post(JSON.stringify({ ...range, shopId: value })), {
        status: 404,
        code: "unknown_shop",
        issues: [{ field: "shopId", value, allowed: /id of a shop/ }],
      });
    },
  );
});

describe("the body of a rebuild", () => {
  const object = /JSON object/;
  const bodies = [
    undefined,
    "",
    " \n",
    "{",
    "fromDate=2026-01-01&toDate=2026-01-31",
    "{'fromDate':1}",
    "undefined",
    "NaN",
  ];

  test.for(bodies)("%j is refused", async (body) => {
    const issues = [{ field: "body", value: null, allowed: object }];
    await expectRefused(() => post(body), { status: 400, issues });
  });

  test.for([null, [], [range], "2026-01-01", 7, true])("the JSON %j is no object", (value) =>
    expectBadInput(value, { field: "body", value, allowed: object }),
  );

  const tooLarge = [{ field: "body", value: null, allowed: /at most 64 KiB/ }];

  test("one byte more than 64 KiB is refused, and 64 KiB are read", async () => {
    const padded = (bytes: number) => JSON.stringify(range).padEnd(bytes);
    await expectRefused(() => post(padded(maxBytes + 1)), { status: 400, issues: tooLarge });
    expect((await post(padded(maxBytes))).status).toBe(202);
  });

  test("a body without an end is read no further than the limit", async () => {
    let sent = 0;
    const endless = () =>
      new ReadableStream({
        pull(controller) {
          sent += 16 * 1024;
          controller.enqueue(new Uint8Array(16 * 1024).fill(0x20));
        },
      });
    await expectRefused(() => post(endless()), { status: 400, issues: tooLarge });
    expect(sent).toBeLessThanOrEqual(2 * maxBytes);
  });
});

describe("another method on the rebuilds", () => {
  test.for(["GET", "HEAD", "PUT", "PATCH", "DELETE"])("%s on the rebuilds is not allowed", async (method) => {
    const response = await expectRefused(() => call(rebuildRoute, "/jobs/rebuild", { method, headers: operator }), {
      status: 405,
    });
    expect(response.headers.get("Allow")).toBe("POST");
  });
});
