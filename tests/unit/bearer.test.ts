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
