import { z } from "zod";
import type { Day, DayRange } from "../day";
import { type Engine, perEngine, type Statements } from "../engine.server";
import type { FailedShop } from "../jobs/ledger.server";
import { queryRow, queryRows } from "../query.server";
import { isActive } from "../recount/count-sql";
import type { Locked } from "../recount/lock.server";
import { findChanges } from "../verify/compare.server";
import { type Scope, type Sealed, toUnsealedScopes } from "./sealed";
import { isIntact, listSealed, readSeals, writeSeal } from "./seals.server";

/** What may be counted of a range, and the shops that stay as they are, with the reason. */
export type Unsealed = { scopes: Scope[]; refusals: FailedShop[] };

/** How many days a refusal names. */
const namedDays = 10;

/**
 * Unseals days of locked shops, from the first day of the range on: a seal has no gaps, so what lies after the range up to the
 * seal's end is unsealed with it, and is counted, too. Shops of which an unsealed day could not be counted stay sealed.
 *
 * `requireKept` is to be called when they are counted: source rows may have gone since they were looked at, and with
 * them the only copy of a day's numbers. It throws where a day that was sealed has no row any more.
 */
export async function unsealShops(
  engine: Engine,
  tx: Statements,
  { shopIds, sealed }: Locked,
  range: DayRange,
): Promise<Unsealed & { requireKept: () => Promise<void> }> {
  const unsealed = await toUnsealed(engine, sealed, shopIds, range, tx);
  const kept = new Map<string, string[]>();
  for (const shopId of unsealed.scopes.flatMap((scope) => scope.shopIds)) {
    const until = sealed.get(shopId);
    if (until === undefined || until <= range.from) continue;
    kept.set(shopId, await listActiveDays(engine, tx, shopId, { from: range.from, until }));
    const [seal] = await readSeals(engine, [shopId], range.from, tx);
    await writeSeal(engine, tx, shopId, seal && seal.asked.rows > 0 ? { until: range.from, ...seal.asked } : null);
  }
  return {
    ...unsealed,
    async requireKept() {
      for (const [shopId, dates] of kept) await requireRows(engine, tx, shopId, dates);
    },
  };
}

/** The same for a dry run, which unseals nothing. */
export async function findUnsealed(engine: Engine, shopIds: string[], range: DayRange): Promise<Unsealed> {
  return toUnsealed(engine, await listSealed(engine, shopIds), shopIds, range);
}

async function toUnsealed(
  engine: Engine,
  sealed: Sealed,
  shopIds: string[],
  range: DayRange,
  client?: Statements,
): Promise<Unsealed> {
  const refusals: FailedShop[] = [];
  for (const shopId of shopIds) {
    if ((sealed.get(shopId) ?? range.from) <= range.from) continue;
    const error = await findUnsealObstacle(engine, shopId, range.from, client);
    if (error !== null) refusals.push({ shopId, error });
  }
  const refused = new Set(refusals.map(({ shopId }) => shopId));
  const others = shopIds.filter((shopId) => !refused.has(shopId));
  return { scopes: toUnsealedScopes(sealed, others, range), refusals };
}

async function listActiveDays(
  engine: Engine,
  tx: Statements,
  shopId: string,
  { from, until }: DayRange,
): Promise<string[]> {
  const schema = z.object({ date: z.string() });
  const days = await queryRows(engine, schema, activeDaysStatement(engine), { shopId, from, until }, tx);
  return days.map(({ date }) => date);
}

const activeDaysStatement = perEngine(
  (engine) => `
select to_char(a.date, 'YYYY-MM-DD') as date
from ${engine.names.daily} a
where a.shop_id = :shopId
  and a.date >= :from::date
  and a.date < :until::date
  and ${isActive(engine, "a")}`,
);

async function requireRows(engine: Engine, tx: Statements, shopId: string, dates: string[]): Promise<void> {
  const statement = `
select count(*)::int as rows
from ${engine.names.daily} a
where a.shop_id = :shopId
  and a.date = any(:dates::date[])`;
  const { rows } = await queryRow(engine, z.object({ rows: z.number() }), statement, { shopId, dates }, tx);
  if (rows < dates.length) throw new Error("Source rows of sealed days went while they were counted.");
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
  // A row of zeros is what a metric that is no more has left.
  const isActiveRow = (counts: Record<string, number> | null) => Object.values(counts ?? {}).some((count) => count > 0);
  return examples.filter(({ stored, live }) => live === null && isActiveRow(stored)).map(({ date }) => date);
}
