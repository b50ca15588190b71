import { expect, test } from "vitest";
import { toRequestId } from "~/http/request-id.server";

test.for(["1", "cron-2026.11.27", "Root=1-67891233-abcdef012345678912345678".slice(5), "a".repeat(64)])(
  "the caller's id %s is kept",
  (given) => {
    expect(toRequestId(given)).toBe(given);
  },
);

test.for([
  undefined,
  "",
  "a b",
  "a".repeat(65),
  "a\nb",
  "a\n",
  '"}',
  "\u001b[31m",
  "<script>",
  "é",
  "%0a",
  ["one", "two"],
])("what could mislead who reads a log is replaced: %j", (given) => {
  expect(toRequestId(given)).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
});
