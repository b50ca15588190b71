import { rollup } from "~/rollup.server";
import { readShopDomains, toShopId } from "~/services/shop-name.server";
import { toChangeRows } from "./change-rows.server";
import { cancelRebuild, type RebuildBody, readRebuild, resumeRebuild, startRebuild } from "./jobs.server";
import { operatorPath } from "./paths";
import type { Data } from "./problem";
import { refuseIntent } from "./refuse-intent.server";

type Fields = Record<string, string>;

/** The rebuild that the address names, or none, beside which the form stands. */
export async function readRebuildPage(query: URLSearchParams) {
  const runId = query.get("run");
  if (!runId) return { rebuild: null, changes: null, domains: {} };
  const { changes: _, ...rebuild } = await readRebuild(runId);
  const changes = toChangeRows(rollup.definition, { examples: _, drifted: rebuild.changed });
  const shopIds = [rebuild.shopId, ...changes.rows.map(({ shopId }) => shopId), ...listFailed(rebuild)];
  return { rebuild, changes: rebuild.dryRun ? changes : null, domains: await readShopDomains(shopIds) };
}

export type RebuildPage = Data<typeof readRebuildPage>;

const listFailed = ({ failedShops }: Pick<RebuildBody, "failedShops">) => failedShops.map(({ shopId }) => shopId);

/** Starts, cancels or resumes a rebuild. Returns where its progress is. */
export async function changeRebuild(form: Fields): Promise<string> {
  const { runId } = await change(form);
  return `${operatorPath}/rebuild?${new URLSearchParams({ run: runId })}`;
}

async function change({ intent, run = "", shop, fromDate, toDate, unseal }: Fields): Promise<{ runId: string }> {
  if (intent === "cancel") return cancelRebuild(run);
  if (intent === "resume") return resumeRebuild(run);
  if (intent !== "dryRun" && intent !== "rebuild") {
    throw refuseIntent(intent, ["dryRun", "rebuild", "cancel", "resume"]);
  }
  const shopId = shop === undefined ? undefined : await toShopId(shop);
  return startRebuild({ shopId, fromDate, toDate, dryRun: intent === "dryRun", unseal: unseal === "on" });
}
