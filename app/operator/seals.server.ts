import { z } from "zod";
import { rollup } from "~/rollup.server";
import { parse } from "~/services/rollup/http/input.server";
import { idSchema } from "~/services/rollup/http/schemas.server";
import type { BrokenSeal } from "~/services/rollup/verify/verify.server";
import { findShopIds, readShopDomains, toShopId } from "~/services/shop-name.server";
import { cancelSeal, readRun, readRuns, readSeal, startSeal } from "./jobs.server";
import { operatorPath } from "./paths";
import type { Data } from "./problem";
import { refuseIntent } from "./refuse-intent.server";

const pageSize = 50;
/** How many shops a search looks at. */
const maxFound = 500;

const pageSchema = z.object({ after: idSchema.optional() });

/** Shops with sealed days, the seal that the address names, and the seals that the last verification found broken. */
export async function readSealsPage(query: URLSearchParams) {
  const runId = query.get("run");
  const [totals, seal, verification] = [
    await rollup.countSeals(),
    runId ? await readSeal(runId) : null,
    await readLast(),
  ];
  const list = await readList(query);
  const brokenSeals = (verification?.report?.brokenSeals ?? []) as BrokenSeal[];
  const shopIds = [...list.seals, ...brokenSeals, ...(seal?.failedShops ?? [])].map(({ shopId }) => shopId);
  return {
    ...list,
    totals,
    seal,
    verification: verification && { runId: verification.runId, startedAt: verification.startedAt, brokenSeals },
    domains: await readShopDomains([...shopIds, seal?.shopId ?? null]),
  };
}

export type SealsPage = Data<typeof readSealsPage>;

async function readList(query: URLSearchParams) {
  const { after } = parse({ after: query.get("after") || undefined }, pageSchema);
  const search = query.get("shop")?.trim() ?? "";
  const shopIds = search === "" ? undefined : await findShopIds(search, maxFound);
  const seals = await rollup.listSeals({ limit: pageSize + 1, shopIds, after });
  const page = seals.slice(0, pageSize);
  return { seals: page, next: seals.length > pageSize ? (page.at(-1)?.shopId ?? null) : null };
}

async function readLast() {
  const { runs } = await readRuns({ kind: "verify", limit: "1" });
  const [last] = runs;
  return last ? readRun(last.runId) : null;
}

/** Starts or cancels a seal. Returns where its progress is. */
export async function changeSeal(form: Record<string, string>): Promise<string> {
  const { runId } = await change(form);
  return `${operatorPath}/seals?${new URLSearchParams({ run: runId })}`;
}

async function change({ intent, run = "", shop, before }: Record<string, string>): Promise<{ runId: string }> {
  if (intent === "cancel") return cancelSeal(run);
  if (intent !== "dryRun" && intent !== "seal") throw refuseIntent(intent, ["dryRun", "seal", "cancel"]);
  const shopId = shop === undefined ? undefined : await toShopId(shop);
  return startSeal({ shopId, before, dryRun: intent === "dryRun" });
}
