import { z } from "zod";
import { type Engine, perEngine } from "../engine.server";
import { toBatches } from "../jobs/shops.server";
import { queryRows } from "../query.server";
import { raiseAlert } from "./alert.server";

/** Shops named in one alert; the others are counted. */
const namedShops = 10;

const idSchema = z.object({ shopId: z.string() });
const changeSchema = idSchema.extend({ isFailing: z.boolean(), reason: z.string().nullable() });

/** A shop that has begun to fail, or is right again, and of which no alert has told. */
type Change = z.infer<typeof changeSchema>;

/**
 * Takes the changes that no alert has told of, whichever run has recorded them. They are the caller's to tell: of several
 * processes each change is one's alone.
 */
export async function takeChanges(engine: Engine): Promise<{ begun: Change[]; mended: string[] }> {
  const unannounced = await queryRows(engine, idSchema, unannouncedStatement(engine));
  const ids = unannounced.map(({ shopId }) => shopId);
  const changes: Change[] = [];
  for (const shopIds of toBatches(ids, engine.settings.batchShops)) {
    changes.push(...(await queryRows(engine, changeSchema, announceStatement(engine), { shopIds })));
  }
  return {
    begun: changes.filter(({ isFailing }) => isFailing),
    mended: changes.filter(({ isFailing }) => !isFailing).map(({ shopId }) => shopId),
  };
}

const unannouncedStatement = perEngine(
  ({ names }) => `
select r.shop_id::text as "shopId"
from ${names.shops} r
where r.failing_announced <> (r.failing_since is not null)
order by r.shop_id`,
);

const announceStatement = perEngine(
  ({ names }) => `
update ${names.shops} r
set failing_announced = r.failing_since is not null
where r.shop_id = any(:shopIds)
  and r.failing_announced <> (r.failing_since is not null)
returning r.shop_id::text as "shopId", r.failing_announced as "isFailing", r.failing_reason as reason`,
);

/** One alert for all shops that have begun to fail. */
export async function alertFailing(engine: Engine, shops: Pick<Change, "shopId" | "reason">[]): Promise<void> {
  if (shops.length === 0) return;
  const names = listNames(shops.map(({ shopId, reason }) => `${shopId} (${reason})`));
  await raiseAlert(
    engine,
    `Daily analytics: the recount fails for ${names}. Their marks wait, and their marked days are counted live until it succeeds.`,
    { failedShops: shops.map(({ shopId, reason }) => ({ shopId, error: reason })) },
  );
}

/** And one for all that are right again. */
export async function alertMended(engine: Engine, shopIds: string[]): Promise<void> {
  if (shopIds.length === 0) return;
  const text = `Daily analytics: the recount succeeds again for ${listNames(shopIds)}.`;
  await raiseAlert(engine, text, { mendedShops: shopIds }, "info");
}

function listNames(names: string[]): string {
  const more = names.length > namedShops ? ` and ${names.length - namedShops} more` : "";
  return `${names.slice(0, namedShops).join(", ")}${more}`;
}
