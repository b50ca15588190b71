import { randomUUID } from "node:crypto";
import { isLucky, pick, pickInOrder, pickNumber } from "./chance";
import {
  addEvents,
  addRequests,
  addSubmissions,
  type Change,
  changeChildren,
  changeInstallation,
  changeLoose,
  changeRequests,
  click,
  clickAtOnce,
  deleteRequests,
  wait,
} from "./changes";
import { isolationLevels, noRest, type Rest, repeatWithRests, type Tally, type Worker } from "./hammer";
import { hasCode, isDeadlock, isSerializationFailure, type Session, withSession } from "./session";
import { pickInstant, type World } from "./world";

// Writers behave well: they lock in one order, so that none can wait for another in a circle. Requests in the order of
// their ids; a request before its events and testimonials, and these in one statement; a request is deleted or changed,
// not first changed and then deleted; what has no request comes behind all that have one; a shop comes last.

/** A writer: transactions of random length, of which a quarter is rolled back. It rests after each or each second one. */
export function makeWriter(world: World, rest: Rest = noRest): Worker {
  return (hammer) =>
    withSession(async (session) => {
      const { tally } = hammer;
      let passing: string | null = null;
      await repeatWithRests(hammer, rest, async () => {
        if (isLucky(0.05)) passing = await passThrough(session, world, passing, tally);
        else await write(session, planTransaction(world), tally);
      });
      await write(session, passing === null ? [] : [deleteShop(passing)], tally, 0);
    });
}

// What a row was to belong to was deleted meanwhile, or taken back.
const lostRace = "23503";

/**
 * Runs the changes in one transaction, of any isolation level, and again for as long as it can't be serialized. True when
 * they were committed.
 */
async function write(session: Session, changes: Change[], tally: Tally, rollbackShare = 0.25): Promise<boolean> {
  const isTakenBack = isLucky(rollbackShare);
  const level = pick(isolationLevels);
  while (true) {
    await session.query(`begin isolation level ${level}`);
    try {
      for (const change of changes) await apply(session, change);
      await session.query(isTakenBack ? "rollback" : "commit");
      if (isTakenBack) tally.rolledBack += 1;
      else tally.committed[level] += 1;
      return !isTakenBack;
    } catch (error) {
      await session.query("rollback");
      if (isSerializationFailure(error)) {
        tally.retried += 1;
        continue;
      }
      if (isDeadlock(error)) tally.writerDeadlocks += 1;
      else if (!hasCode(error, lostRace)) throw error;
      tally.rolledBack += 1;
      return false;
    }
  }
}

/** Some changes are taken back alone, within their transaction, with the locks that they took. */
async function apply(session: Session, change: Change): Promise<void> {
  const isTakenBack = isLucky(0.1);
  if (isTakenBack) await session.query("savepoint before");
  await run(session, change);
  if (isTakenBack) await session.query("rollback to before");
}

async function run(session: Session, { sql, values: [first, ...others], locks = [] }: Change): Promise<void> {
  let target = first;
  for (const lock of locks) {
    const { rows } = await session.query<{ id: string }>(lock, [first]);
    target = rows.map((row) => row.id);
  }
  await session.query(sql, first === undefined ? [] : [target, ...others]);
}

function planTransaction(world: World): Change[] {
  const ids = pickInOrder(world.requestIds, pick([1, 1, 2, 3, 6, 12]));
  return [
    ...(isLucky(0.2) ? [wait()] : []),
    ...(isLucky(0.2) ? [changeAtOnce(world, ids)] : ids.flatMap((id) => changeOne(world, id))),
    ...(isLucky(0.2) ? [changeLoose(world)] : []),
    ...(isLucky(0.05) ? [changeInstallation(world)] : []),
    ...(isLucky(0.2) ? [wait()] : []),
  ];
}

/** The same for many requests, in one statement: a second one could find requests that came meanwhile, out of order. */
function changeAtOnce(world: World, ids: string[]): Change {
  return pick([addRequests, changeRequests, addEvents, clickAtOnce, deleteRequests])(world, ids);
}

function changeOne(world: World, id: string): Change[] {
  if (isLucky(0.05)) return [deleteRequests(world, [id])];
  const first = isLucky(0.2) ? [addRequests(world, [id])] : [];
  const own = Array.from({ length: pickNumber(0, 2) }, () =>
    pick([
      () => [changeRequests(world, [id])],
      () => [addEvents(world, [id])],
      () => click(world, id),
      () => [addSubmissions(world, id)],
    ])(),
  );
  return [...first, ...own.flat(), ...(isLucky(0.4) ? [changeChildren(world, id)] : [])];
}

/** A shop that is this writer's alone comes, takes another id, and is deleted with all its rows. */
async function passThrough(
  session: Session,
  world: World,
  passing: string | null,
  tally: Tally,
): Promise<string | null> {
  const renamed = `${pick(["~", "Z", ""])}${randomUUID()}`;
  if (passing === null) return (await write(session, addShop(world, renamed), tally)) ? renamed : null;
  if (isLucky(0.5)) return (await write(session, [deleteShop(passing)], tally)) ? null : passing;
  const rename = { sql: "update shops set id = $2 where id = $1", values: [passing, renamed] };
  return (await write(session, [rename], tally)) ? renamed : passing;
}

function addShop(world: World, id: string): Change[] {
  return [
    { sql: "insert into shops (id, domain) values ($1, $1)", values: [id] },
    {
      sql: `with added as (
              insert into testimonial_requests (shop_id, sent_at) select $1, $2::timestamp from generate_series(1, 5)
              returning id, shop_id
            )
            insert into testimonial_submissions (shop_id, request_id, submitted_at, media_type)
            select shop_id, id, $3::timestamp, 'video' from added`,
      values: [id, pickInstant(world), pickInstant(world)],
    },
    {
      sql: `insert into testimonial_request_events (shop_id, request_id, event_type, event_at)
            select shop_id, id, 'clicked', $2::timestamp from testimonial_requests where shop_id = $1`,
      values: [id, pickInstant(world)],
    },
  ];
}

function deleteShop(id: string): Change {
  return { sql: "delete from shops where id = $1", values: [id] };
}
