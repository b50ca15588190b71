import { rollup } from "~/rollup.server";
import type { RunCounts } from "~/services/rollup/jobs/ledger.server";
import type { VerifyResult } from "~/services/rollup/verify/verify.server";
import { readShopDomains, toShopId } from "~/services/shop-name.server";
import { toChangeRows } from "./change-rows.server";
import { toDurationChart } from "./duration-chart.server";
import { readRun, readRuns } from "./jobs.server";
import type { Data } from "./problem";
import { listShopIds } from "./shop-ids";

const filterFields = ["kind", "status", "before"];

/** A page of the ledger: by the filters in the address, which are the same that GET /jobs/runs takes. */
export async function readLedger(query: URLSearchParams) {
  const filters: Record<string, string> = Object.fromEntries(
    filterFields.flatMap((name) => toField(name, query.get(name))),
  );
  const shop = query.get("shop")?.trim() ?? "";
  if (shop !== "") filters.shopId = await toShopId(shop);
  const { runs, next } = await readRuns(filters);
  return { runs, next, chart: toDurationChart(runs), domains: await readShopDomains(listShopIds(runs)) };
}

export type Ledger = Data<typeof readLedger>;

function toField(name: string, value: string | null): [string, string][] {
  return value ? [[name, value]] : [];
}

/** What a run leaves in the ledger beside its counts. */
type Report = Partial<
  Pick<RunCounts, "fallbacks" | "droppedDays" | "dropped"> &
    Pick<VerifyResult, "compared" | "drifted" | "driftedAfter" | "sealedDays" | "brokenSeals" | "alert"> & {
      sample: number | null;
    }
>;

/** A run with all that the ledger keeps of it. The days that it found, or would change, as rows of a table. */
export async function readLedgerRun(runId: string) {
  const { report, ...run } = await readRun(runId);
  const { fallbacks, droppedDays, dropped, brokenSeals, sample, compared, drifted, driftedAfter, sealedDays, alert } =
    (report ?? {}) as Report;
  const changes = toChangeRows(rollup.definition, report);
  const shopIds = [
    run.shopId,
    ...run.failedShops.map(({ shopId }) => shopId),
    ...changes.rows.map(({ shopId }) => shopId),
    ...[...(dropped ?? []), ...(brokenSeals ?? [])].map(({ shopId }) => shopId),
  ];
  return {
    run,
    found: { fallbacks, droppedDays, dropped, brokenSeals, sample, compared, drifted, driftedAfter, sealedDays, alert },
    changes,
    domains: await readShopDomains(shopIds),
  };
}

export type LedgerRunPage = Data<typeof readLedgerRun>;
