import { timingSafeEqual } from "node:crypto";
import { expect, test, vi } from "vitest";
import { requireBearer } from "~/services/rollup/http/bearer.server";
import { testEnv } from "../setup/settings";

vi.mock("node:crypto", async (importOriginal) => {
  const real = await importOriginal<typeof import("node:crypto")>();
  return { ...real, timingSafeEqual: vi.fn(real.timingSafeEqual) };
});

const secret = testEnv.CRON_SECRET;

test.for([
  "",
  "Bearer",
  "Bearer x",
  `Bearer ${secret.slice(0, -1)}`,
  `Bearer ${secret.slice(0, -1)}x`,
  `Bearer ${"x".repeat(10_000)}`,
  `Bearer ${secret}`,
])("%j is compared in constant time, as a digest of one length whatever its own", (authorization) => {
  vi.mocked(timingSafeEqual).mockClear();
  const request = new Request("https://app.example.com/", { headers: { Authorization: authorization } });
  const check = () => requireBearer(request, "CRON_SECRET", secret);
  if (authorization === `Bearer ${secret}`) expect(check).not.toThrow();
  else expect(check).toThrow(expect.objectContaining({ status: 401 }));
  expect(timingSafeEqual).toHaveBeenCalledOnce();
  const lengths = vi.mocked(timingSafeEqual).mock.calls[0]?.map((digest) => digest.byteLength);
  expect(lengths).toEqual([32, 32]);
});

test("while one secret is replaced by another both open the door, and each is compared", () => {
  const [next, previous, neither] = ["the-next-secret-0123", "the-old-secret-01234", "the-other-secret-012"];
  const open = (given: string, ...valid: (string | undefined)[]) => {
    vi.mocked(timingSafeEqual).mockClear();
    const request = new Request("https://app.example.com/", { headers: { Authorization: `Bearer ${given}` } });
    try {
      requireBearer(request, "CRON_SECRET", valid);
      return { status: 200, compared: vi.mocked(timingSafeEqual).mock.calls.length };
    } catch (thrown) {
      return { status: (thrown as Response).status, compared: vi.mocked(timingSafeEqual).mock.calls.length };
    }
  };
  expect(open(next, next, previous)).toEqual({ status: 200, compared: 2 });
  expect(open(previous, next, previous)).toEqual({ status: 200, compared: 2 });
  expect(open(neither, next, previous)).toEqual({ status: 401, compared: 2 });
  expect(open(previous, next, undefined)).toEqual({ status: 401, compared: 1 });
  expect(open("", undefined, undefined)).toEqual({ status: 503, compared: 0 });
});
