import { db } from "./host.server";
import { isLive } from "./lease.server";

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

/** The places of a rollup run that has begun: where the last one ended, for the marks and for the window. */
export async function openPlaces(runId: string): Promise<{ marks: Place; window: Place }> {
  const [start] = await db.$queryRawUnsafe<{ cursor: string | null; healCursor: string | null; isShared: boolean }[]>(
    `
select
  ${lastOf("cursor")} as cursor,
  ${lastOf("heal_cursor")} as "healCursor",
  exists (
    select from rollup_runs r where r.kind = 'rollup' and r.status = 'running' and r.id <> $1::text and ${isLive}
  ) as "isShared"`,
    runId,
  );
  const { cursor = null, healCursor = null, isShared = false } = start ?? {};
  const save = (column: CursorColumn) => async (shopId: string) => {
    await db.$executeRawUnsafe(`update rollup_runs set ${column} = $2::text where id = $1::text`, runId, shopId);
  };
  return {
    marks: makePlace({ cursor, isShared }, save("cursor")),
    window: makePlace({ cursor: healCursor, isShared }, save("heal_cursor")),
  };
}

/** A run of the future is none: it would hide every run since, and each would begin where it ended. */
const lastOf = (column: CursorColumn) => `(
    select r.${column}
    from rollup_runs r
    where r.kind = 'rollup'
      and r.${column} is not null
      and r.id <> $1::text
      and r.started_at <= timezone('utc', now())
    order by r.started_at desc
    limit 1
  )`;

type Part = { after: string | null; until: string | null; limit: number };

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
  for (const { from, until } of toTurn(cursor)) {
    shopIds.push(...(await list({ after: from, until, limit: spreadShops - shopIds.length })));
    if (shopIds.length >= spreadShops) break;
  }
  const first = Math.floor(Math.random() * shopIds.length);
  return first === 0 ? cursor : (shopIds[first - 1] ?? cursor);
}

/** The parts of a turn through all shops that begins after `start`, in order. */
export function toTurn(start: string | null): { from: string | null; until: string | null }[] {
  if (start === null) return [{ from: null, until: null }];
  return [
    { from: start, until: null },
    { from: null, until: start },
  ];
}
