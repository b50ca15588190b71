import pg from "pg";
import { isLucky, pick, pickNumber } from "./hammer/chance";
import type { Session } from "./hammer/session";

// A host's writers, who know nothing of the daily analytics. Each changes rows of its own, and in the end of a
// transaction at most one that others change, too: so none of them can wait for another in a circle, and a deadlock is
// somebody else's doing.

const levels = ["read committed", "repeatable read", "serializable"];
const lost = ["40001", "23503"];

/** Writes until `goesOn` says no. Returns how many transactions it has committed. */
export async function writeAsHost(session: Session, name: string, goesOn: () => boolean): Promise<number> {
  let committed = 0;
  for (let turn = 0; goesOn(); turn += 1) {
    await session.query(`begin isolation level ${pick(levels)}`);
    try {
      // A snapshot that may be older than a trigger.
      if (isLucky(0.3)) await session.query("select count(*) from shops");
      for (let left = pickNumber(1, 4); left > 0; left -= 1) await changeOwn(session, name, `${name}-${turn}-${left}`);
      if (isLucky(0.5)) await changeShared(session);
      await session.query(isLucky(0.15) ? "rollback" : "commit");
      committed += 1;
    } catch (error) {
      await session.query("rollback");
      if (!(error instanceof pg.DatabaseError && lost.includes(error.code ?? ""))) throw error;
    }
  }
  return committed;
}

const instant = () =>
  `2025-0${pickNumber(1, 4)}-${pick(["01", "15", "28"])} ${pick(["00:00", "12:30", "23:59:59.999"])}`;
const shop = () => `shop-${pickNumber(1, 6)}`;

async function changeOwn(session: Session, name: string, id: string): Promise<void> {
  const own = `(select id from %t where id like '${name}-%' order by random() limit 1)`;
  const change = (table: string, set: string) => `update ${table} set ${set} where id = ${own.replace("%t", table)}`;
  const remove = (table: string) => `delete from ${table} where id = ${own.replace("%t", table)}`;
  const [requests, events, submissions] = [
    "testimonial_requests",
    "testimonial_request_events",
    "testimonial_submissions",
  ];
  await session.query(
    pick([
      `insert into ${requests} (id, shop_id, status, sent_at) values ('${id}', '${shop()}', 'sent', '${instant()}')`,
      `insert into ${submissions} (id, shop_id, status, media_type, submitted_at)
       values ('${id}', '${shop()}', '${pick(["pending", "approved"])}', 'video', '${instant()}')`,
      `insert into ${events} (id, shop_id, request_id, event_type, event_at)
       select '${id}', r.shop_id, r.id, 'clicked', '${instant()}' from ${requests} r where r.id like '${name}-%' limit 1`,
      change(requests, `clicked_at = ${pick([`'${instant()}'`, "null"])}`),
      change(requests, `shop_id = '${shop()}'`),
      change(submissions, `status = '${pick(["approved", "pending", "rejected"])}'`),
      change(submissions, `published_at = '${instant()}', published = true`),
      change(events, `event_at = '${instant()}'`),
      remove(pick([requests, events, submissions])),
    ]),
  );
}

/** A row that was there before the writers. */
async function changeShared(session: Session): Promise<void> {
  const id = `${shop()}-${pickNumber(0, 59)}`;
  await session.query(
    pick([
      `update testimonial_requests set clicked_at = ${pick([`'${instant()}'`, "null"])} where id = '${id}'`,
      `insert into testimonial_request_events (shop_id, request_id, event_type, event_at)
       select r.shop_id, r.id, 'clicked', '${instant()}' from testimonial_requests r where r.id = '${id}'`,
      `update testimonial_submissions set status = 'approved'
       where id = (select id from testimonial_submissions where status = 'pending' order by random() limit 1)`,
      `delete from testimonial_submissions
       where id = (select id from testimonial_submissions where length(id) > 30 order by random() limit 1)`,
    ]),
  );
}
