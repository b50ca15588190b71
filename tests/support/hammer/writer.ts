import { randomUUID } from "node:crypto";
import pg from "pg";
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
  deleteRequests,
} from "./changes";
import type { Tally, Worker } from "./hammer";
import { type Session, withSession } from "./session";
import { pickInstant, type World } from "./world";

// Writers behave well: they lock in one order, so that none can wait for another in a circle. Requests in the order of
// their ids; a request before its events and testimonials, and these in one statement; a request is deleted or changed,
// not first changed and then deleted; what has no request comes behind all that have one; a shop comes last.

/** A writer: transactions of random length, of which a quarter is rolled back. */
export function makeWriter(world: World): Worker {
  return ({ goesOn, tally }) =>
    withSession(async (session) => {
      let passing: string | null = null;
      while (goesOn()) {
        if (isLucky(0.05)) passing = await passThrough(session, world, passing, tally);
        else await write(session, planTransaction(world), tally);
      }
      await write(session, passing === null ? [] : [deleteShop(passing)], tally, 0);
    });
}

const lostRace = "23503"; // The request that an event or a testimonial was for was deleted meanwhile.
const deadlock = "40P01";

/** Runs the changes in one transaction. True when they were committed. */
async function write(session: Session, changes: Change[], tally: Tally, rollbackShare = 0.25): Promise<boolean> {
  const isTakenBack = isLucky(rollbackShare);
  await session.query("begin");
  try {
    for (const change of changes) await apply(session, change);
    await session.query(isTakenBack ? "rollback" : "commit");
    tally[isTakenBack ? "rolledBack" : "committed"] += 1;
    return !isTakenBack;
  } catch (error) {
    await session.query("rollback");
    if (!(error instanceof pg.DatabaseError) || ![lostRace, deadlock].includes(error.code ?? "")) throw error;
    if (error.code === deadlock) tally.writerDeadlocks += 1;
    tally.rolledBack += 1;
    return false;
  }
}

/** Some changes are taken back alone, within their transaction. */
async function apply(session: Session, { sql, values }: Change): Promise<void> {
  if (!isLucky(0.1)) {
    await session.query(sql, values);
    return;
  }
  await session.query("savepoint before");
  await session.query(sql, values);
  await session.query("rollback to before");
}

function planTransaction(world: World): Change[] {
  const ids = pickInOrder(world.requestIds, pick([1, 1, 2, 3, 6, 12]));
  return [
    ...(isLucky(0.2) ? changeAtOnce(world, ids) : ids.flatMap((id) => changeOne(world, id))),
    ...(isLucky(0.2) ? [changeLoose(world)] : []),
    ...(isLucky(0.05) ? [changeInstallation(world)] : []),
  ];
}

/** The same for many requests, each statement for all of them. */
function changeAtOnce(world: World, ids: string[]): Change[] {
  return pick([
    () => [addRequests(world, ids)],
    () => [addRequests(world, ids), ...click(world, ids)],
    () => [changeRequests(world, ids), changeRequests(world, ids)],
    () => click(world, ids),
    () => [deleteRequests(ids)],
  ])();
}

function changeOne(world: World, id: string): Change[] {
  if (isLucky(0.05)) return [deleteRequests([id])];
  const first = isLucky(0.2) ? [addRequests(world, [id])] : [];
  const own = Array.from({ length: pickNumber(0, 2) }, () =>
    pick([
      () => [changeRequests(world, [id])],
      () => addEvents(world, [id]),
      () => click(world, [id]),
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
