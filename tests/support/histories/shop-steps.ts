import fc from "fast-check";
import { anyItem } from "./insert-steps";
import { type SourceName, tables } from "./sql";
import { toStep } from "./step";
import { listShops, type ModelShop, pick, removeShop } from "./world";
import type { Session } from "./writer";

// Writes that touch a shop's own row, or the rows of all shops.

export const deleteShop = toStep("delete a shop", anyItem, async (world, session, number) => {
  const shop = pick(listShops(world), number);
  if (!shop) return false;
  await session.execute(`delete from shops where id = '${shop.id}'`);
  removeShop(world, shop);
  return true;
});

/** One of the same id, without any of its rows. */
export const remakeShop = toStep("make a deleted shop again", anyItem, async (world, session, number) => {
  const shop = pick(
    world.shops.filter((candidate) => candidate.state === "gone"),
    number,
  );
  if (!shop) return false;
  await insertShop(session, shop);
  shop.state = "installed";
  return true;
});

export const renameShop = toStep("change the id of a shop", anyItem, async (world, session, number) => {
  const shop = pick(listShops(world), number);
  if (!shop) return false;
  world.made += 1;
  const id = `${shop.id}-${world.made}`;
  await session.execute(`update shops set id = '${id}' where id = '${shop.id}'`);
  shop.id = id;
  return true;
});

const truncated = fc.constantFrom<SourceName | "shops">("events", "submissions", "requests", "shops");

export const truncate = toStep("truncate", truncated, async (world, session, name) => {
  await session.execute(`truncate ${name === "shops" ? name : tables[name]} cascade`);
  if (name === "events") world.events = [];
  else if (name === "submissions") world.submissions = [];
  // The cascade of a truncate takes whole tables: testimonials go with requests, which a delete leaves.
  else if (name === "requests") Object.assign(world, { requests: [], events: [], submissions: [] });
  else for (const shop of world.shops) removeShop(world, shop);
  return true;
});

/** Inserts a shop that was installed long ago, and the session of its merchant. */
export async function insertShop(session: Session, shop: ModelShop): Promise<void> {
  await session.execute(
    `insert into shops (id, domain, installed_at) values ('${shop.id}', '${shop.domain}', '2020-01-01')`,
  );
  await storeSession(session, shop);
}

export async function storeSession(session: Session, shop: ModelShop): Promise<void> {
  await session.execute(
    `insert into "Session" (id, shop, state, scope, "accessToken")
     values ('offline_${shop.domain}', '${shop.domain}', '', 'read_products', 'token') on conflict do nothing`,
  );
}
