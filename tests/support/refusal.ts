import { expect } from "vitest";
import { db } from "~/db.server";
import { fingerprintStatement } from "./fingerprint";

type Issue = { field: string; value: unknown; message: string };
type ErrorBody = { error: { code: string; message: string; issues: Issue[] } };

/** What a field's issue must say: the value as it was given, and words of what is allowed. */
export type ExpectedIssue = { field: string; value: unknown; allowed: RegExp };

/** Asserts that the call is refused with the one shape of an error and that no table holds anything else than before. */
export async function expectRefused(
  call: () => Promise<Response>,
  expected: { status: number; code?: string; issues?: ExpectedIssue[] },
): Promise<Response> {
  const before = await fingerprintTables();
  const response = await call();
  const { error } = (await response.clone().json()) as ErrorBody;

  expect({ status: response.status, code: error.code }).toEqual({
    status: expected.status,
    code: expected.code ?? expect.any(String),
  });
  expect(response.headers.get("Content-Type")).toMatch(/^application\/json/);
  expect(Object.keys(error)).toEqual(["code", "message", "issues"]);
  expect(error.message).toMatch(/^\S.*[.]$/s);
  expect(error.issues).toEqual(
    (expected.issues ?? []).map(({ field, value, allowed }) => ({
      field,
      value,
      message: expect.stringMatching(allowed),
    })),
  );
  for (const issue of error.code === "bad_input" ? error.issues.filter(({ field }) => field !== "body") : []) {
    expect(error.message, "the sentence names the field and its value").toContain(issue.field);
    expect(error.message).toContain(JSON.stringify(issue.value));
  }
  expect(await fingerprintTables()).toEqual(before);
  return response;
}

/** The number of rows and a digest of the content of each table. */
export async function fingerprintTables(): Promise<unknown> {
  return db.$queryRawUnsafe(fingerprintStatement);
}
