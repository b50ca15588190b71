import type { PrismaClient } from "@prisma/client";
import type { ServerBuild } from "@remix-run/node";
import type { serve } from "~/http/serve.server";
import type { Freshness } from "~/services/rollup/read/read.server";
import type { Counts } from "~/testimonial-rollup";
import type { DemoEnvironment } from "./environment";
import type { Period } from "./period";
import { signSessionToken } from "./session-token";
import type { ShopPlan } from "./shops";

/** The production build, with what its entry gives beside the pages. */
export type Build = ServerBuild & { entry: { module: { serve: typeof serve; db: PrismaClient } } };

/** The running app, as the demo reaches it: over HTTP for all it shows, by its database for what merchants do. */
export type Site = DemoEnvironment & { origin: string; db: PrismaClient };

export type RangeSum = { totals: Counts; freshness: Freshness; tookMs: number };

/** What the demo reads in an answer of POST /jobs/rollup. */
export type RollupAnswer = {
  shops: number;
  days: number;
  rowsWritten: number;
  rowsDeleted: number;
  remaining: number;
  durationMs: number;
};

/** authenticate.admin turns away what does not look like a browser. */
export const browserName = "Mozilla/5.0 (X11; Linux x86_64) Demo/1.0";

const minuteSeconds = 60;

/** GET /app/range-sum as the shop's merchant, with a session token such as the Shopify admin would send. */
export async function getRangeSum(site: Site, { domain }: ShopPlan, { from, to }: Period): Promise<RangeSum> {
  const token = signSessionToken({ ...site, domain, lifetimeSeconds: minuteSeconds });
  const startedAt = performance.now();
  const answer = await request<Omit<RangeSum, "tookMs">>(site, `/app/range-sum?from=${from}&to=${to}`, {
    headers: { Authorization: `Bearer ${token}`, "User-Agent": browserName },
  });
  return { ...answer, tookMs: performance.now() - startedAt };
}

/** POST /jobs/rollup as the cron would. */
export function postRollup(site: Site): Promise<RollupAnswer> {
  return request(site, "/jobs/rollup", { method: "POST", headers: { Authorization: `Bearer ${site.cronSecret}` } });
}

async function request<Answer>(site: Site, path: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(`${site.origin}${path}`, init);
  const body = await response.text();
  if (response.status !== 200) throw new Error(`${init.method ?? "GET"} ${path} answered ${response.status}: ${body}`);
  return JSON.parse(body) as Answer;
}
