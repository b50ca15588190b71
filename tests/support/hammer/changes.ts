import { isLucky, pick, pickNumber } from "./chance";
import { pickInstant, type World } from "./world";

/** A statement of a writer. */
export type Change = { sql: string; values: unknown[] };

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
const inOrder = (lock: string) =>
  `(select id from testimonial_requests where id = any($1::text[]) order by id for ${lock}) as chosen`;

function updateRequests(set: string): (ids: string[], value: unknown) => Change {
  const sql = `update testimonial_requests r set ${set} from ${inOrder("no key update")} where r.id = chosen.id`;
  return (ids, value) => ({ sql, values: [ids, value] });
}

const setSentAt = updateRequests("sent_at = $2::timestamp");
const setClickedAt = updateRequests("clicked_at = $2::timestamp, status = 'clicked'");
const setShop = updateRequests("shop_id = $2");

export function deleteRequests(ids: string[]): Change {
  return {
    sql: `delete from testimonial_requests r using ${inOrder("update")} where r.id = chosen.id`,
    values: [ids],
  };
}

/** Several events of each request in one statement. */
export function addEvents(world: World, ids: string[]): Change[] {
  const values = [ids, pickInstant(world), pick(eventTypes), pickNumber(1, 3)];
  const add = `insert into testimonial_request_events (shop_id, request_id, event_type, event_at)
    select r.shop_id, r.id, $3, $2::timestamp + n * interval '8 hours'
    from testimonial_requests r, generate_series(1, $4::int) n
    where r.id = any($1::text[])
    order by r.id`;
  // The foreign keys' checks look at all requests before the trigger locks the first of them.
  const lock = { sql: `select from ${inOrder("no key update")}`, values: [ids] };
  return ids.length > 1 ? [lock, { sql: add, values }] : [{ sql: add, values }];
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
    () => setSentAt(ids, pickInstantOrNone(world)),
    () => setClickedAt(ids, pickInstantOrNone(world)),
    () => setShop(ids, pick(world.shopIds)),
  ])();
}

/** What a click does: an event, and clicked_at on the same request. */
export function click(world: World, ids: string[]): Change[] {
  const changes = [...addEvents(world, ids), setClickedAt(ids, pickInstantOrNone(world))];
  return ids.length === 1 && isLucky(0.5) ? changes.reverse() : changes;
}

/** Rows of a request, locked behind it and in their order. A change of an event locks its request by itself, but late. */
const ofRequest = (table: string, lock: string) =>
  `(select x.id from ${table} x join testimonial_requests r on r.id = x.request_id where r.id = $1
    order by x.id for ${lock} of r for update of x) as chosen where t.id = chosen.id`;

/** One statement over a request's events or testimonials: moved, moderated, given another medium or shop, deleted. */
export function changeChildren(world: World, requestId: string): Change {
  const events = "testimonial_request_events";
  const submissions = "testimonial_submissions";
  const updateEvents = (set: string, value: unknown) => ({
    sql: `update ${events} t set ${set} from ${ofRequest(events, "no key update")}`,
    values: [requestId, value],
  });
  const updateSubmissions = (set: string, ...values: unknown[]) => ({
    sql: `update ${submissions} t set ${set} from ${ofRequest(submissions, "key share")}`,
    values: [requestId, ...values],
  });
  return pick([
    () => updateEvents("event_at = $2::timestamp", pickInstant(world)),
    () => updateEvents("event_type = $2", pick(eventTypes)),
    () => updateEvents("shop_id = $2", pick(world.shopIds)),
    () => updateSubmissions("submitted_at = $2::timestamp", pickInstantOrNone(world)),
    () => updateSubmissions("published_at = $2::timestamp, published = true", pickInstantOrNone(world)),
    () => updateSubmissions("status = $2", pick(statuses)),
    () => updateSubmissions("status = 'approved', approved_at = $2::timestamp", pickInstant(world)),
    () => updateSubmissions("status = 'pending', approved_at = null, published_at = null"),
    () => updateSubmissions("media_type = $2", pick(mediaTypes)),
    () => updateSubmissions("shop_id = $2", pick(world.shopIds)),
    () => ({ sql: `delete from ${events} t using ${ofRequest(events, "key share")}`, values: [requestId] }),
    () => ({ sql: `delete from ${submissions} t using ${ofRequest(submissions, "key share")}`, values: [requestId] }),
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
    sql: `delete from testimonial_submissions s
          using (
            select id from testimonial_submissions where shop_id = $1 and request_id is null order by id limit 40 for update
          ) as chosen
          where s.id = chosen.id`,
    values: [pick(world.shopIds)],
  };
  return isLucky(0.5) ? add : remove;
}

/** A shop leaves or comes back; its data stays. */
export function changeInstallation(world: World): Change {
  return {
    sql: "update shops set uninstalled_at = case when $2::boolean then localtimestamp end where id = $1",
    values: [pick(world.shopIds), isLucky(0.4)],
  };
}
