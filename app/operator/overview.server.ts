import { readOpenRequests } from "~/services/privacy.server";
import { refuse } from "~/services/rollup/http/answer.server";
import { readShopDomains } from "~/services/shop-name.server";
import { readStatus, startRun, startVerify } from "./jobs.server";
import { operatorPath } from "./paths";
import type { Data } from "./problem";
import { refuseIntent } from "./refuse-intent.server";
import { listShopIds } from "./shop-ids";

/** How things are: health, the definition, all shops together, and what of privacy is open. */
export async function readOverview() {
  const { health, definition, fleet } = await readStatus();
  if (fleet === null) {
    const { since } = health.database;
    const reason = health.reasons.database ?? "The log has the reason.";
    const sinceWhen = since ? ` since ${since}` : "";
    throw refuse(503, "database_unavailable", `The database does not answer${sinceWhen}: ${reason}`);
  }
  const shopIds = [
    ...fleet.marks.oldest.map(({ shopId }) => shopId),
    ...health.failingShops.shops.map(({ shopId }) => shopId),
    ...listShopIds([...fleet.running, ...fleet.last]),
  ];
  const [privacy, domains] = await Promise.all([readOpenRequests(), readShopDomains(shopIds)]);
  return { health, definition, fleet, domains, privacy };
}

export type Overview = Data<typeof readOverview>;

/** Begins a run or a verification. Returns where it can be seen. */
export async function beginWork({ intent, sample }: Record<string, string>): Promise<string> {
  const runId = await begin(intent, sample);
  return runId === null ? operatorPath : `${operatorPath}/runs/${encodeURIComponent(runId)}`;
}

function begin(intent: string | undefined, sample: string | undefined): Promise<string | null> {
  if (intent === "run") return startRun();
  if (intent === "verify") return startVerify(sample === undefined ? {} : { sample });
  throw refuseIntent(intent, ["run", "verify"]);
}
