import { randomUUID } from "node:crypto";
import { isLucky, pick } from "./chance";
import { countTurn, isolationLevels, noRest, type Rest, repeatWithRests, type Worker } from "./hammer";
import { isSerializationFailure, type Session, withSession } from "./session";
import { pickRareInstant, type World } from "./world";

/**
 * A writer of clicks that overlap: one transaction adds a click event of a request and commits, while another, of any
 * isolation level, which sees that event or does not, sets or clears the request's clicked_at.
 */
export function makeClicker(world: World, rest: Rest = noRest): Worker {
  return (hammer) =>
    withSession((setter) =>
      withSession((adder) =>
        repeatWithRests(hammer, rest, async () => {
          try {
            await overlap(world, setter, adder);
            countTurn(hammer.tally, "overlaps");
          } catch (error) {
            if (!isSerializationFailure(error)) throw error;
            // Tried again with other clicks.
            await setter.query("rollback");
            hammer.tally.retried += 1;
          }
        }),
      ),
    );
}

async function overlap(world: World, setter: Session, adder: Session): Promise<void> {
  const [id, shopId, isSetBefore] = [randomUUID(), pick(world.shopIds), isLucky(0.5)];
  await adder.query("insert into testimonial_requests (id, shop_id, clicked_at) values ($1, $2, $3::timestamp)", [
    id,
    shopId,
    isSetBefore ? pickRareInstant(world) : null,
  ]);
  const set = () =>
    setter.query("update testimonial_requests set clicked_at = $2::timestamp where id = $1", [
      id,
      isSetBefore ? null : pickRareInstant(world),
    ]);
  const add = () =>
    adder.query(
      `insert into testimonial_request_events (shop_id, request_id, event_type, event_at)
       values ($1, $2, 'clicked', $3::timestamp)`,
      [shopId, id, pickRareInstant(world)],
    );
  await setter.query(`begin isolation level ${pick(isolationLevels)}`);
  // Above read committed, what the transaction sees all along.
  await setter.query("select from shops limit 1");
  for (const change of isLucky(0.5) ? [set, add] : [add, set]) await change();
  // Meanwhile the event's day is recounted, or is not.
  await setter.query("select pg_sleep(random() * 0.1)");
  await setter.query("commit");
}
