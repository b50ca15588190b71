import { z } from "zod";
import { compareDefinition, type DefinitionState, getFingerprint } from "../definition/state.server";
import { type Engine, perEngine } from "../engine.server";
import { toErrorMessage } from "../error.server";
import { kindSchema, type RunRow } from "../jobs/ledger.server";
import { listRuns } from "../jobs/run-list.server";
import { countMarkedDays } from "../marks/remaining.server";
import { queryRow, queryRows } from "../query.server";
import { countSeals, type SealTotals } from "../seal/seal-list.server";
import { isInstalledShop, shopTable } from "../shop-sql";
import { checkHealthInDetail, type HealthInDetail } from "./health.server";

const listedShops = 20;
const listedRuns = 100;
/** How many of the oldest marks are looked at for the shops that wait longest. */
const walkedMarks = 1_000;

const shopsSchema = z.object({ total: z.number(), installed: z.number() });
const waitingSchema = z.object({ shopId: z.string(), since: z.date() });

/** What an operator wants to know of all shops together. */
type Fleet = {
  shops: z.infer<typeof shopsSchema>;
  /** Marked days of installed shops, counted to 10,000, and the shops with the oldest marks, uninstalled ones among them. */
  marks: { days: number; oldest: z.infer<typeof waitingSchema>[] };
  seals: SealTotals;
  /** Runs at work, and the last of each kind. */
  running: RunRow[];
  last: RunRow[];
};

/** How the rollup is doing. `fleet` is null where the database did not tell; `health` then says why. */
export type Status = {
  health: HealthInDetail;
  definition: { table: string; fingerprint: string; state: DefinitionState | null };
  fleet: Fleet | null;
};

/** What an operator looks at first. Never rejects. */
export async function readStatus(engine: Engine): Promise<Status> {
  const health = await checkHealthInDetail(engine);
  const definition = { table: engine.definition.table, fingerprint: getFingerprint(engine) };
  if (!health.database.reachable) return { health, definition: { ...definition, state: null }, fleet: null };
  try {
    const state = await compareDefinition(engine);
    return { health, definition: { ...definition, state }, fleet: await readFleet(engine) };
  } catch (error) {
    engine.log.error({ error: toErrorMessage(error) }, "the status of all shops could not be read");
    return { health, definition: { ...definition, state: null }, fleet: null };
  }
}

async function readFleet(engine: Engine): Promise<Fleet> {
  const lastOfEach = await Promise.all(kindSchema.options.map((kind) => listRuns(engine, 1, { kind })));
  return {
    shops: await queryRow(engine, shopsSchema, shopsStatement(engine)),
    marks: {
      days: await countMarkedDays(engine),
      oldest: await queryRows(engine, waitingSchema, waitingStatement(engine), {
        walked: walkedMarks,
        limit: listedShops,
      }),
    },
    seals: await countSeals(engine),
    running: await listRuns(engine, listedRuns, { status: "running" }),
    last: lastOfEach.flat(),
  };
}

const shopsStatement = perEngine(
  (engine) => `
select count(*)::int as total, (count(*) filter (where ${isInstalledShop(engine)}))::int as installed
from ${shopTable(engine)}`,
);

const waitingStatement = perEngine(
  ({ names }) => `
select w.shop_id::text as "shopId", min(w.marked_at) as since
from (select m.shop_id, m.marked_at from ${names.marks} m order by m.marked_at limit :walked::int) w
group by w.shop_id
order by min(w.marked_at), w.shop_id
limit :limit::int`,
);
