import { z } from "zod";
import { addDays, type Day, toDay } from "../day";
import { type Engine, perEngine, type Statements } from "../engine.server";
import { toErrorMessage } from "../error.server";
import { queryRow, readClock } from "../query.server";
import type { RunTrigger } from "./ledger.server";
import { type SealProgress, toSealProgress } from "./seal-progress";
import { cancelSweep, getSweep, type Overlap, openSweep } from "./sweep.server";

export type SealRequest = { shopId?: string | undefined; before: Day; dryRun?: boolean | undefined };

/** A seal refused because not all of its days are over, by the database's clock. */
type NotOver = { today: Day };

/** A seal refused because the shop has no day before it: its first day, or null where it has none at all. */
type NoDays = { firstDay: Day | null };

export type SealRefusal = Overlap | NotOver | NoDays;

/** Who asks for a seal, and in which slot of the schedule. */
type SealOrigin = { trigger: RunTrigger; slot?: string | undefined };

/**
 * Opens a seal of all days before a day, for one shop or for all, and starts to work on it in this process. A dry run says what
 * would be sealed and changes nothing. The shop must exist.
 */
export async function startSeal(engine: Engine, request: SealRequest): Promise<string | SealRefusal> {
  const opened = await open(engine, request, { trigger: "operator" });
  if (opened === null) throw new Error("A seal was not opened in the ledger, although its id is new.");
  return opened;
}

/** The day on which this process has last begun the seal that is due, or seen that another did. */
const due = perEngine(() => ({ begunOn: null as Day | null }));

/**
 * Begins the seal of days that have been over for as long as the settings say, once a day: with the first run of it in any
 * process. One that would overlap a running sweep is left to the next run. Never rejects: it is no part of the run.
 */
export async function startDueSeal(
  engine: Engine,
  { today, trigger }: { today: Day; trigger: RunTrigger },
): Promise<void> {
  const { sealAfterDays } = engine.settings;
  if (sealAfterDays === undefined || due(engine).begunOn === today) return;
  try {
    // By the database's clock: this process's may be ahead.
    const before = addDays(toDay(await readClock(engine)), -sealAfterDays);
    const slot = `seal ${before}`;
    const opened = (await isTaken(engine, slot)) ? null : await open(engine, { before }, { trigger, slot });
    if (typeof opened === "object" && opened !== null) {
      engine.log.warn({ before, obstacle: opened }, "the seal that is due was not begun");
      return;
    }
    due(engine).begunOn = today;
  } catch (error) {
    engine.log.warn({ error: toErrorMessage(error) }, "the seal that is due was not begun");
  }
}

async function isTaken(engine: Engine, slot: string): Promise<boolean> {
  const statement = `select exists (select from ${engine.names.runs} r where r.slot = :slot::text) as taken`;
  const { taken } = await queryRow(engine, z.object({ taken: z.boolean() }), statement, { slot });
  return taken;
}

function open(
  engine: Engine,
  { shopId, before, dryRun = false }: SealRequest,
  origin: SealOrigin,
): Promise<string | SealRefusal | null> {
  const sweep = { kind: "seal", range: null, before, shopId, dryRun, ...origin } as const;
  return openSweep(engine, sweep, async (tx): Promise<NotOver | NoDays | null> => {
    const today = toDay(await readClock(engine, tx));
    if (before >= today) return { today };
    return shopId === undefined ? null : findNoDays(engine, tx, shopId, before);
  });
}

/** What is marked may have days, too: then the seal says that it waits for a run. */
async function findNoDays(engine: Engine, tx: Statements, shopId: string, before: Day): Promise<NoDays | null> {
  const schema = z.object({ firstDay: z.string().nullable(), hasDays: z.boolean() });
  const { firstDay, hasDays } = await queryRow(engine, schema, firstDayStatement(engine), { shopId, before }, tx);
  return hasDays ? null : { firstDay: firstDay as Day | null };
}

const firstDayStatement = perEngine(
  ({ names: { daily, marks } }) => `
select
  to_char(f.day, 'YYYY-MM-DD') as "firstDay",
  coalesce(f.day < :before::date, false)
    or exists (select from ${marks} m where m.shop_id = :shopId and (m.date < :before::date or m.date is null)) as "hasDays"
from (select min(a.date) as day from ${daily} a where a.shop_id = :shopId) f`,
);

/** Progress of the seal, or null when there is none by that id. */
export async function getSeal(engine: Engine, runId: string): Promise<SealProgress | null> {
  const run = await getSweep(engine, "seal", runId);
  return run && toSealProgress(run, await readClock(engine));
}

/** Stops a running seal. Shops that are done stay sealed. Returns the seal as it is then, or null when there is none by that id. */
export async function cancelSeal(engine: Engine, runId: string): Promise<SealProgress | null> {
  const run = await cancelSweep(engine, "seal", runId);
  return run && toSealProgress(run, await readClock(engine));
}
