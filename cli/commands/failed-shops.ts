import type { FailedShop } from "../../app/services/rollup/jobs/ledger.server";
import { formatCount } from "../formats";

const listed = 20;

/** The shops that failed, and why. The JSON names all. */
export function listFailedShops(shops: FailedShop[]): string[] {
  if (shops.length === 0) return [];
  const more = shops.length - listed;
  return [
    `${formatCount(shops.length, "shop")} failed:`,
    ...shops.slice(0, listed).map(({ shopId, error }) => `  ${shopId}: ${error}`),
    ...(more > 0 ? [`  and ${formatCount(more, "other")}: --json names them`] : []),
  ];
}
