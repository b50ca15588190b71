import type { Day, DayRange } from "../day";
import type { Engine, Statements } from "../engine.server";
import type { Locked } from "../recount/lock.server";
import { findChanges } from "../verify/compare.server";
import { type OpenScope, toUnsealedScopes } from "./sealed";
import { isIntact, readSeals, writeSeal } from "./seals.server";

/** What may be counted of a range, and the shops that stay as they are, with the reason. */
export type Unsealed = { scopes: OpenScope[]; refusals: { shopId: string; error: string }[] };

/** How many days a refusal names. */
const namedDays = 10;

/**
 * Unseals days of locked shops, from the first day of the range on: a seal has no gaps, so what lies after the range up to the
 * seal's end is unsealed with it, and is counted, too. Shops of which an unsealed day could not be counted stay sealed.
 */
export async function toUnsealed(
  engine: Engine,
  tx: Statements,
  { shopIds, sealed }: Locked,
  range: DayRange,
): Promise<Unsealed> {
  const refusals: Unsealed["refusals"] = [];
  for (const shopId of shopIds) {
    if ((sealed.get(shopId) ?? range.from) <= range.from) continue;
    const error = await findUnsealObstacle(engine, shopId, range.from, tx);
    if (error === null) await cutSeal(engine, tx, shopId, range.from);
    else refusals.push({ shopId, error });
  }
  const refused = new Set(refusals.map(({ shopId }) => shopId));
  const others = shopIds.filter((shopId) => !refused.has(shopId));
  return { scopes: toUnsealedScopes(sealed, others, range), refusals };
}

/** Leaves sealed what lies before `from`. */
async function cutSeal(engine: Engine, tx: Statements, shopId: string, from: Day): Promise<void> {
  const [seal] = await readSeals(engine, [shopId], from, tx);
  await writeSeal(engine, tx, shopId, seal && seal.asked.rows > 0 ? { until: from, ...seal.asked } : null);
}

/**
 * Why a shop's sealed days from `from` on can't be unsealed, as a sentence, or null where they can: source rows were purged or
 * are gone, or the days that stay sealed are not as they were sealed, so that nothing could vouch for them.
 */
export async function findUnsealObstacle(
  engine: Engine,
  shopId: string,
  from: Day,
  client?: Statements,
): Promise<string | null> {
  const [seal] = await readSeals(engine, [shopId], from, client);
  if (!seal?.sealedUntil || seal.sealedUntil <= from) return null;
  if (seal.purgedUntil !== null && seal.purgedUntil > from) {
    return `Source rows of its days before ${seal.purgedUntil} were purged: those days stay sealed.`;
  }
  if (seal.asked.rows > 0 && !isIntact(seal)) {
    return "Its sealed rows are not as they were sealed: unseal it from its first day on.";
  }
  const days = await listDaysWithoutSource(engine, shopId, { from, until: seal.sealedUntil }, client);
  if (days.length === 0) return null;
  const named = days.slice(0, namedDays).join(", ");
  const more = days.length > namedDays ? `, and ${days.length - namedDays} more` : "";
  const count = days.length === 1 ? "1 sealed day has" : `${days.length} sealed days have`;
  return `${count} no source rows to count any more: ${named}${more}.`;
}

async function listDaysWithoutSource(
  engine: Engine,
  shopId: string,
  range: DayRange,
  client?: Statements,
): Promise<Day[]> {
  const { examples } = await findChanges(engine, [shopId], range, { withSealed: true, ofAll: true, client });
  return examples.filter(({ live }) => live === null).map(({ date }) => date);
}
