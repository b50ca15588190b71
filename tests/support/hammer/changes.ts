import { isLucky, pick, pickNumber } from "./chance";
import { pickInstant, type World } from "./world";

/**
 * A statement of a writer. `locks` run before it and get its first value alone; the ids that the last of them returns
 * take that value's place. In one statement with it, they would lock rows of a snapshot that is older than their wait,
 * and PostgreSQL can then let two transactions that want one row wait for each other.
 */
export type Change = { sql: string; values: unknown[]; locks?: string[] };

const statuses = ["pending", "approved", "rejected", "archived"];
const mediaTypes = ["video", "photo", "text"];
const eventTypes = ["clicked", "clicked", "clicked", "opened", "delivered"];

function pickInstantOrNone(world: World): string | null {
  return isLucky(0.2) ? null : pickInstant(world);
}

export function addRequests(world: World, ids: string[]): Change {
  return {
    sql: `insert into testimonial_requests (id, shop_id, status, sent_at, clicked_at)
          select id, $2, 'sent', $3::timestamp, $4::timestamp from unnest($1::text[]) as n (id)
          on conflict (id) do nothing`,
    values: [ids, pick(world.shopIds), pickInstantOrNone(world), isLucky(0.2) ? pickInstant(world) : null],
  };
}

/** Requests one by one in the order of their ids, as everything that locks several of them must. */
const inOrder = "select id from testimonial_requests where id = any($1::text[]) order by id for";

/** One request needs no lock beside the one that its change takes. */
function ofRequests(ids: string[], sql: string, ...values: unknown[]): Change {
  const locks = ids.length > 1 ? [`${inOrder} ${sql.startsWith("delete") ? "update" : "no key update"}`] : [];
  return { sql, values: [ids, ...values], locks };
}

function updateRequests(ids: string[], set: string, value: unknown): Change {
  return ofRequests(ids, `update testimonial_requests set ${set} where id = any($1::text[])`, value);
}

const setClickedAt = "clicked_at = $2::timestamp, status = 'clicked'";

export function deleteRequests(_: World, ids: string[]): Change {
  return ofRequests(ids, "delete from testimonial_requests where id = any($1::text[])");
}

/** Several events of each request. */
export function addEvents(world: World, ids: string[]): Change {
  const sql = `insert into testimonial_request_events (shop_id, request_id, event_type, event_at)
    select r.shop_id, r.id, $3, $2::timestamp + n * interval '8 hours'
    from testimonial_requests r, generate_series(1, $4::int) n
    where r.id = any($1::text[])`;
  // The foreign keys' checks look at all the requests before the trigger locks the first.
  return ofRequests(ids, sql, pickInstant(world), pick(eventTypes), pickNumber(1, 3));
}

export function addSubmissions(world: World, requestId: string): Change {
  return {
    sql: `insert into testimonial_submissions (shop_id, request_id, media_type, status, submitted_at, published_at)
          select r.shop_id, r.id, $2, $3, $4::timestamp, $5::timestamp from testimonial_requests r where r.id = $1`,
    values: [requestId, pick(mediaTypes), pick(statuses), pickInstant(world), pickInstantOrNone(world)],
  };
}

/** One change of the requests themselves. */
export function changeRequests(world: World, ids: string[]): Change {
  return pick([
    () => updateRequests(ids, "sent_at = $2::timestamp", pickInstantOrNone(world)),
    () => updateRequests(ids, setClickedAt, pickInstantOrNone(world)),
    () => updateRequests(ids, "submitted_at = $2::timestamp", pickInstantOrNone(world)),
    () => updateRequests(ids, "shop_id = $2", pick(world.shopIds)),
  ])();
}

/** What a click does, in one statement: an event, and clicked_at on the same request. */
export function clickAtOnce(world: World, ids: string[]): Change {
  const sql = `with added as (
      insert into testimonial_request_events (shop_id, request_id, event_type, event_at)
      select r.shop_id, r.id, 'clicked', $3::timestamp from testimonial_requests r where r.id = any($1::text[])
    )
    update testimonial_requests set ${setClickedAt} where id = any($1::text[])`;
  return ofRequests(ids, sql, pickInstantOrNone(world), pickInstant(world));
}

/** The same in two statements, in either order. The event's trigger may be the first to lock the request. */
export function click(world: World, id: string): Change[] {
  const changes = [addEvents(world, [id]), updateRequests([id], setClickedAt, pickInstantOrNone(world))];
  return isLucky(0.5) ? changes : changes.reverse();
}

const ofRequest = {
  events: {
    table: "testimonial_request_events",
    // A change of a click event locks the request by itself, but behind the event.
    locks: [
      "select id from testimonial_requests where id = $1 for no key update",
      "select id from testimonial_request_events where request_id = $1 order by id for update",
    ],
  },
  submissions: {
    table: "testimonial_submissions",
    locks: [
      "select id from testimonial_requests where id = $1 for key share",
      "select id from testimonial_submissions where request_id = $1 order by id for update",
    ],
  },
};

/** One statement over a request's events or testimonials: moved, moderated, given another medium or shop, deleted. */
export function changeChildren(world: World, requestId: string): Change {
  const update = (of: keyof typeof ofRequest, set: string, ...values: unknown[]): Change => {
    const { table, locks } = ofRequest[of];
    return { sql: `update ${table} set ${set} where id = any($1::text[])`, values: [requestId, ...values], locks };
  };
  const remove = (of: keyof typeof ofRequest): Change => {
    const { table, locks } = ofRequest[of];
    return { sql: `delete from ${table} where id = any($1::text[])`, values: [requestId], locks };
  };
  return pick([
    () => update("events", "event_at = $2::timestamp", pickInstant(world)),
    () => update("events", "event_type = $2", pick(eventTypes)),
    () => update("events", "shop_id = $2", pick(world.shopIds)),
    () => remove("events"),
    () => update("submissions", "submitted_at = $2::timestamp", pickInstantOrNone(world)),
    () => update("submissions", "published_at = $2::timestamp, published = true", pickInstantOrNone(world)),
    () => update("submissions", "status = $2", pick(statuses)),
    () => update("submissions", "status = 'approved', approved_at = $2::timestamp", pickInstant(world)),
    () => update("submissions", "status = 'pending', approved_at = null, published_at = null"),
    () => update("submissions", "media_type = $2", pick(mediaTypes)),
    () => update("submissions", "rating = $2::int", pickNumber(0, 6)),
    () => update("submissions", "shop_id = $2", pick(world.shopIds)),
    () => remove("submissions"),
  ])();
}

/** Testimonials without a request: an import, a removal. */
export function changeLoose(world: World): Change {
  const add: Change = {
    sql: `insert into testimonial_submissions (shop_id, media_type, status, submitted_at, approved_at)
          select $1, $2, 'approved', $3::timestamp - n * interval '5 hours', $3::timestamp
          from generate_series(1, $4::int) n`,
    values: [pick(world.shopIds), pick(mediaTypes), pickInstant(world), pickNumber(1, 20)],
  };
  const remove: Change = {
    sql: "delete from testimonial_submissions where id = any($1::text[])",
    values: [pick(world.shopIds)],
    locks: [
      "select id from testimonial_submissions where shop_id = $1 and request_id is null order by id limit 40 for update",
    ],
  };
  return isLucky(0.5) ? add : remove;
}

/** A while in which the transaction is open: what it has read grows old, and others work between its changes. */
export function wait(): Change {
  return { sql: "select pg_sleep(random() * 0.03)", values: [] };
}

/** A shop leaves or comes back; its data stays. */
export function changeInstallation(world: World): Change {
  return {
    sql: "update shops set uninstalled_at = case when $2::boolean then localtimestamp end where id = $1",
    values: [pick(world.shopIds), isLucky(0.4)],
  };
}
