import fc from "fast-check";
import { call, operator } from "../call";
import { expectSame, unchanged } from "./check";
import { anyItem } from "./insert-steps";
import { shiftDay } from "./instants";
import { postRollup } from "./job-steps";
import { getProgress, settle } from "./rebuild-steps";
import { type Context, toAppStep } from "./step";
import { countLive, countShop, listShops, type ModelRequest, type ModelShop, pick, removeRequests } from "./world";

const dayBack = fc.integer({ min: 1, max: 38 });
const shopOrAll = fc.option(anyItem);

/** Mostly behind a run, so that days are right; sometimes with marks that wait. */
export const seal = toAppStep(
  "seal",
  fc.record({ shop: shopOrAll, back: dayBack, dryRun: fc.constantFrom(false, false, false, true), runs: fc.boolean() }),
  async (context, { shop: number, back, dryRun, runs }) => {
    const { world, app, figures, lines } = context;
    const change = runs ? await run(context) : unchanged;
    const before = shiftDay(world.today, -back);
    const { shops, body } = toScope(context, number);
    // Of all shops those that are installed: the marks of the others wait for their return.
    const meant = shops.filter((shop) => number !== null || shop.state === "installed");
    const open = meant.filter((shop) => (world.seals.get(shop.key)?.until ?? "") < before);
    const marked = await listMarkedDays(context);
    const refused = open.filter((shop) =>
      marked.some(({ shopId, day }) => shopId === shop.id && day < before && day >= getSealedUntil(context, shop)),
    );
    const sealed = open
      .filter((shop) => !refused.includes(shop))
      .map((shop) => ({ shop, days: new Map([...countShop(world, shop)].filter(([day]) => day < before)) }))
      .filter(({ days }) => days.size > 0);

    lines.push(`  POST /jobs/seal ${JSON.stringify({ ...body, before, dryRun })}`);
    const init = { method: "POST", headers: operator, body: JSON.stringify({ ...body, before, dryRun }) };
    const response = await call(app.seals, "/jobs/seal", init);
    if (response.status === 400 && number !== null) {
      expectSame("what a refused seal could have sealed", [sealed.length, refused.length], [0, 0], figures);
      return { change };
    }
    const { runId } = await response.json();
    await app.instance.settle();
    const ended = await call(app.seal, `/jobs/seal/${runId}`, { headers: operator, params: { runId } });
    const answer = (await ended.json()) as { shops: number; failedShops: { shopId: string }[] };
    expectSame("the number of shops sealed", answer.shops, sealed.length, figures);
    const failed = answer.failedShops.map(({ shopId }) => shopId).sort();
    expectSame("the shops that were not sealed", failed, refused.map(({ id }) => id).sort(), figures);
    if (dryRun) return { change };
    for (const { shop, days } of sealed) {
      const purgedUntil = world.seals.get(shop.key)?.purgedUntil ?? "";
      world.seals.set(shop.key, { until: before, days, purgedUntil });
    }
    return { change, exact: { shops: sealed.map(({ shop }) => shop), isMeant: (day) => day < before } };
  },
);

/** A rebuild from a day on that unseals it, and all sealed days after it. */
export const unseal = toAppStep(
  "unseal",
  fc.record({ shop: shopOrAll, back: dayBack }),
  async (context, { shop: number, back }) => {
    const { world, app, figures, lines } = context;
    const fromDate = shiftDay(world.today, -back);
    const { shops, body } = toScope(context, number);
    const refused = shops.filter((shop) => {
      const seal = world.seals.get(shop.key);
      if (!seal || seal.until <= fromDate) return false;
      const live = countLive(world, shop);
      return seal.purgedUntil > fromDate || [...seal.days.keys()].some((day) => day >= fromDate && !live.has(day));
    });
    const request = { ...body, fromDate, toDate: world.today, unseal: true };
    lines.push(`  POST /jobs/rebuild ${JSON.stringify(request)}`);
    const init = { method: "POST", headers: operator, body: JSON.stringify(request) };
    const response = await call(app.rebuilds, "/jobs/rebuild", init);
    if (number !== null && refused.length > 0) {
      const { error } = await response.json();
      expectSame("the answer to a refused unseal", [response.status, error.code], [409, "not_unsealed"], figures);
      return { change: unchanged };
    }
    const { runId } = await response.json();
    const unsealed = shops.filter((shop) => !refused.includes(shop));
    for (const shop of unsealed) cutSeal(context, shop, fromDate);
    const scope = { shops: unsealed, isMeant: (day: string) => day >= fromDate && day <= world.today, body: request };
    const outcome = await settle(context, runId, scope, [refused.length > 0 ? "partial" : "ok"]);
    const failed = (await getProgress(app, runId)).failedShops.map(({ shopId }) => shopId).sort();
    expectSame("the shops that were not unsealed", failed, refused.map(({ id }) => id).sort(), figures);
    return outcome;
  },
);

/** Deletes what is of sealed days wholly: no number changes. */
export const purge = toAppStep(
  "purge",
  fc.record({ shop: shopOrAll, back: dayBack, withRequests: fc.boolean() }),
  async (context, { shop: number, back, withRequests }) => {
    const { world, app, figures, lines } = context;
    const before = shiftDay(world.today, -back);
    const { shops, body } = toScope(context, number);
    const numbers = shops.map((shop) => countShop(world, shop));
    lines.push(`  purge ${JSON.stringify({ ...body, before, withRequests })}`);
    const { events, unansweredRequests } = app.purgeable;
    const { rows } = await app.purge(app.instance.engine, {
      before: before as Parameters<typeof app.purge>[1]["before"],
      purgeables: withRequests ? [events, unansweredRequests] : [events],
      shopId: body.shopId,
    });
    const gone = { events: 0, requests: 0 };
    for (const shop of shops) {
      const ofShop = purgeShop(context, shop, before, withRequests);
      gone.events += ofShop.events;
      gone.requests += ofShop.requests;
    }
    const { testimonial_request_events: ofEvents = 0, testimonial_requests: ofRequests = 0 } = rows;
    expectSame("the rows purged", { events: ofEvents, requests: ofRequests }, gone, figures);
    const after = shops.map((shop) => countShop(world, shop));
    expectSame("the numbers after a purge", after, numbers, figures);
    return { change: unchanged };
  },
);

async function run(context: Context) {
  const { rowsWritten, rowsDeleted } = await postRollup(context);
  return { written: rowsWritten, deleted: rowsDeleted };
}

function toScope({ world }: Context, number: number | null): { shops: ModelShop[]; body: { shopId?: string } } {
  const shops = listShops(world);
  const shop = number === null ? undefined : pick(shops, number);
  return shop ? { shops: [shop], body: { shopId: shop.id } } : { shops, body: {} };
}

function getSealedUntil({ world }: Context, shop: ModelShop): string {
  return world.seals.get(shop.key)?.until ?? "";
}

/** Leaves sealed what lies before a day. */
function cutSeal({ world }: Context, shop: ModelShop, from: string): void {
  const known = world.seals.get(shop.key);
  if (!known || known.until <= from) return;
  const days = new Map([...known.days].filter(([day]) => day < from));
  if (days.size === 0) world.seals.delete(shop.key);
  else world.seals.set(shop.key, { ...known, until: from, days });
}

function purgeShop({ world }: Context, shop: ModelShop, before: string, withRequests: boolean) {
  const seal = world.seals.get(shop.key);
  if (!seal) return { events: 0, requests: 0 };
  const until = seal.until < before ? seal.until : before;
  const isOld = (instant: string) => !instant.endsWith("infinity") && instant < until;
  const eventsBefore = world.events.length;
  world.events = world.events.filter((event) => event.shop !== shop.key || !isOld(event.at));
  const gone = { events: eventsBefore - world.events.length, requests: 0 };
  if (withRequests) {
    const isAnswered = (request: ModelRequest) =>
      world.submissions.some((submission) => submission.request === request.key && submission.shop === shop.key);
    const isGone = (request: ModelRequest) =>
      request.shop === shop.key &&
      isOld(getLastInstant(request)) &&
      !isAnswered(request) &&
      world.events.every((event) => event.request !== request.key || isOld(event.at));
    const requestsBefore = world.requests.length;
    removeRequests(world, isGone);
    gone.requests = requestsBefore - world.requests.length;
  }
  if (gone.events + gone.requests > 0 && seal.purgedUntil < until) seal.purgedUntil = until;
  return gone;
}

/** "infinity", which is after any other, where it has none. */
function getLastInstant({ sentAt, clickedAt }: ModelRequest): string {
  const instants = [sentAt, clickedAt].filter((instant) => instant !== null && instant !== "-infinity");
  return instants.sort().at(-1) ?? "infinity";
}

/** Days that are marked by themselves, or by a marked request. */
function listMarkedDays({ app }: Context): Promise<{ shopId: string; day: string }[]> {
  return app.db.$queryRawUnsafe(
    `select m.shop_id as "shopId", m.date::text as day from rollup_marks m where m.date is not null
     union
     select m.shop_id, e.event_at::date::text
     from rollup_marks m
     join testimonial_request_events e on e.request_id = m.parent_id and e.shop_id = m.shop_id
     where e.event_type = 'clicked' and isfinite(e.event_at)
     union
     select m.shop_id, r.sent_at::date::text
     from rollup_marks m
     join testimonial_requests r on r.id = m.parent_id and r.shop_id = m.shop_id
     where isfinite(r.sent_at)`,
  );
}
