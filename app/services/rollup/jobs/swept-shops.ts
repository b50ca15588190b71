import type { Engine } from "../engine.server";
import { isInstalledShop, shopKey } from "../shop-sql";
import type { NewRun, RunRow } from "./ledger.server";
import type { ShopFilter } from "./shops.server";

/**
 * The shops that a sweep goes through: its one, or all. A seal passes by those that are uninstalled, whose marks wait for
 * their return.
 */
export function toSweptShops(engine: Engine, { kind, shopId }: Pick<NewRun | RunRow, "kind" | "shopId">): ShopFilter {
  if (shopId !== null && shopId !== undefined) return { condition: `${shopKey(engine)} = :shopId`, values: { shopId } };
  return kind === "seal" ? { condition: isInstalledShop(engine) } : {};
}
