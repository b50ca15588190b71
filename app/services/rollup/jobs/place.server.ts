import { z } from "zod";
import { type Engine, perEngine } from "../engine.server";
import { execute, queryRow } from "../query.server";
import { lastRun } from "./last-run";
import { isLive } from "./lease.server";
import { quietXid } from "./quiet";
import { type Part, toTurn } from "./shops.server";

// A run that stops at its budget leaves the rest for the next, which goes on after it in the order of the shops' ids. So
// each shop has its turn, whatever its id looks like, and a shop whose work ends the process can't keep the others waiting.

/** Where a run is in the order of shops. `isShared`: another run is at work there, so this one begins elsewhere. */
export type Place = {
  cursor: string | null;
  isShared: boolean;
  /** Says that the shops up to this one have been begun. */
  moveTo: (shopId: string | null) => Promise<void>;
};

type Start = { cursor: string | null; isShared: boolean };
type CursorColumn = "cursor" | "heal_cursor";

/** How often a place is written to the ledger: a run of many small batches would write it as often as daily rows. */
const saveIntervalMs = 100;
/** Shops among which a run that isn't alone takes its first. */
const spreadShops = 1_000;

/** A place that `save` is told of, before the work on the shops that it moves past. */
export function makePlace(start: Start, save: (cursor: string) => Promise<void> = async () => undefined): Place {
  let savedAt = Number.NEGATIVE_INFINITY;
  const place: Place = {
    ...start,
    async moveTo(shopId) {
      if (shopId === null) return;
      place.cursor = shopId;
      if (performance.now() - savedAt < saveIntervalMs) return;
      savedAt = performance.now();
      await save(shopId);
    },
  };
  return place;
}

const startSchema = z.object({
  cursor: z.string().nullable(),
  windowCursor: z.string().nullable(),
  seenXid: z.string().nullable(),
  isShared: z.boolean(),
});

/**
 * The places of a rollup run that has begun: where the last one ended, for the marks and for the window. `seenXid`: the
 * next transaction's id, where its window was seen up to there and needs no look, or null.
 */
export async function openPlaces(
  engine: Engine,
  runId: string,
): Promise<{ marks: Place; window: Place; seenXid: string | null }> {
  const { cursor, windowCursor, isShared, seenXid } = await queryRow(engine, startSchema, startStatement(engine), {
    runId,
  });
  return {
    seenXid,
    marks: makePlace({ cursor, isShared }, (shopId) => saveCursor(engine, runId, "cursor", shopId)),
    window: makePlace({ cursor: windowCursor, isShared }, (shopId) => saveCursor(engine, runId, "heal_cursor", shopId)),
  };
}

const startStatement = perEngine((engine) => {
  const lastOf = (column: CursorColumn) =>
    lastRun(engine, "rollup", { column, where: `r.${column} is not null and r.id <> :runId::text` });
  return `
select
  ${lastOf("cursor")} as cursor,
  ${lastOf("heal_cursor")} as "windowCursor",
  ${quietXid(engine)} as "seenXid",
  exists (
    select
    from ${engine.names.runs} r
    where r.kind = 'rollup'
      and r.status = 'running'
      and r.id <> :runId::text
      and ${isLive}
  ) as "isShared"`;
});

async function saveCursor(engine: Engine, runId: string, column: CursorColumn, cursor: string): Promise<void> {
  const statement = `update ${engine.names.runs} set ${column} = :cursor::text where id = :runId::text`;
  await execute(engine, statement, { runId, cursor });
}

/**
 * The shop after which a run begins: the place's own or, where another run is at work, one by chance among the next
 * thousand. It is chosen among ids that are there, for nothing is known of how they look.
 */
export async function spread(
  { cursor, isShared }: Place,
  list: (part: Part) => Promise<string[]>,
): Promise<string | null> {
  if (!isShared) return cursor;
  const shopIds: string[] = [];
  for (const stretch of toTurn(cursor)) {
    shopIds.push(...(await list({ ...stretch, limit: spreadShops - shopIds.length })));
    if (shopIds.length >= spreadShops) break;
  }
  const first = Math.floor(Math.random() * shopIds.length);
  return first === 0 ? cursor : (shopIds[first - 1] ?? cursor);
}
