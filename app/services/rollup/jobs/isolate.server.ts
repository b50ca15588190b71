import { DefinitionNotCurrent } from "../definition/state.server";
import { type Engine, pingDatabase } from "../engine.server";
import { toErrorMessage } from "../error.server";
import { NotOwned } from "./lease.server";
import { StopRequested } from "./stop.server";
import { addFailure, addFallback, type ShopStep, type Tally } from "./tally.server";

type Isolation = { tally: Tally; step: ShopStep };

/**
 * Bisects as below. Shops that fail are added to the tally.
 *
 * @returns what `work` returned of the others.
 */
export function isolateShops<T>(
  engine: Engine,
  shopIds: string[],
  { tally, step }: Isolation,
  work: (shopIds: string[]) => Promise<T>,
): Promise<T[]> {
  async function giveUp(shopId: string, error: string): Promise<void> {
    engine.log.error({ shopId, step, error }, "a shop failed");
    addFailure(tally, shopId, { error, step });
  }
  return bisectShops(engine, shopIds, { tally, step, giveUp }, work);
}

type Bisection = {
  /** Notes each failure that was met another way. */
  tally: Pick<Tally, "fallbacks">;
  step: string;
  /** Is told of a shop that failed by itself, twice, in its turn: the shops before it are done, those after it are not. */
  giveUp: (shopId: string, error: string) => Promise<void>;
};

/**
 * Runs `work` on all shops together and, where that fails, on each half apart, down to the shop that fails, so that it
 * can't fail the others. The halves go one after the other, in the order of the shops. A lone shop has a second try: a
 * connection that was cut, or a deadlock, is no fault of it.
 *
 * @returns what `work` returned of the shops that did not fail.
 * @throws when the database is gone, and what `work` throws to end the work on all shops.
 */
export async function bisectShops<T>(
  engine: Engine,
  shopIds: string[],
  bisection: Bisection,
  work: (shopIds: string[]) => Promise<T>,
): Promise<T[]> {
  try {
    return [await work(shopIds)];
  } catch (cause) {
    await requireShopFailure(engine, cause);
    addFallback(engine, bisection.tally, `${bisection.step} of several shops`, cause);
  }
  const [shopId] = shopIds;
  if (shopIds.length === 1 && shopId !== undefined) return workAlone(engine, shopId, bisection, work);
  const middle = Math.ceil(shopIds.length / 2);
  const left = await bisectShops(engine, shopIds.slice(0, middle), bisection, work);
  const right = await bisectShops(engine, shopIds.slice(middle), bisection, work);
  return [...left, ...right];
}

async function workAlone<T>(
  engine: Engine,
  shopId: string,
  { giveUp }: Bisection,
  work: (shopIds: string[]) => Promise<T>,
): Promise<T[]> {
  try {
    return [await work([shopId])];
  } catch (cause) {
    await requireShopFailure(engine, cause);
    await giveUp(shopId, toErrorMessage(cause));
    return [];
  }
}

/** @throws what is no shop's failure, and that the database is gone. */
async function requireShopFailure(engine: Engine, cause: unknown): Promise<void> {
  const endsAll = [DefinitionNotCurrent, NotOwned, StopRequested].some((end) => cause instanceof end);
  if (endsAll) throw cause;
  await pingDatabase(engine);
}
