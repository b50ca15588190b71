import type { CohortCounts, Counts } from "~/testimonial-rollup";
import { countAll } from "../oracle";

// What the database should hold, in plain arrays: each step changes these in its own words, and nothing here is read
// from the database.

export type ModelShop = { key: number; id: string; domain: string; state: "installed" | "uninstalled" | "gone" };

type Owned = { id: string; shop: number };

export type ModelRequest = Owned & {
  key: number;
  sentAt: string | null;
  clickedAt: string | null;
  submittedAt: string | null;
  email: string | null;
};
export type ModelEvent = Owned & { request: number; type: string; at: string };
export type ModelSubmission = Owned & {
  request: number | null;
  status: string;
  media: string;
  rating: number | null;
  submittedAt: string | null;
  approvedAt: string | null;
  publishedAt: string | null;
};

export type AllCounts = Counts & CohortCounts;

/** Days before `until`, as they were when they were sealed. Rows of days before `purgedUntil` may have been purged. */
type ModelSeal = { until: string; days: Map<string, AllCounts>; purgedUntil: string };

export type World = {
  today: string;
  /** How many rows and ids were ever made, for the names of the next ones. */
  made: number;
  shops: ModelShop[];
  requests: ModelRequest[];
  events: ModelEvent[];
  submissions: ModelSubmission[];
  /** By the shop's key. */
  seals: Map<number, ModelSeal>;
};

export function makeWorld(today: string, name: string, shopCount: number): World {
  const shops = Array.from({ length: shopCount }, (_, key) => {
    const id = `${name}-shop-${key}`;
    return { key, id, domain: `${id}.myshopify.com`, state: "installed" } as const;
  });
  return { today, made: 0, shops, requests: [], events: [], submissions: [], seals: new Map() };
}

/** The item that a step means by a number, or none when there are none. */
export function pick<Item>(items: Item[], number: number): Item | undefined {
  return items[number % Math.max(items.length, 1)];
}

export function listShops(world: World): ModelShop[] {
  return world.shops.filter((shop) => shop.state !== "gone");
}

export function getShop(world: World, key: number): ModelShop {
  const shop = world.shops[key];
  if (!shop) throw new Error(`The model has no shop ${key}.`);
  return shop;
}

export function getRequest(world: World, key: number): ModelRequest {
  const request = world.requests.find((candidate) => candidate.key === key);
  if (!request) throw new Error(`The model has no request ${key}.`);
  return request;
}

/** Requests go with their events; testimonials stay, without them. */
export function removeRequests(world: World, isGone: (request: ModelRequest) => boolean): void {
  const gone = new Set(world.requests.filter(isGone).map((request) => request.key));
  world.requests = world.requests.filter((request) => !gone.has(request.key));
  world.events = world.events.filter((event) => !gone.has(event.request));
  for (const submission of world.submissions) {
    if (submission.request !== null && gone.has(submission.request)) submission.request = null;
  }
}

/** A shop goes with all its rows. */
export function removeShop(world: World, shop: ModelShop): void {
  shop.state = "gone";
  world.seals.delete(shop.key);
  removeRequests(world, (request) => request.shop === shop.key);
  world.events = world.events.filter((event) => event.shop !== shop.key);
  world.submissions = world.submissions.filter((submission) => submission.shop !== shop.key);
}

/** A customer goes with their requests in the shop, and with what was submitted there in answer to them. */
export function removeCustomer(world: World, shop: ModelShop, email: string): void {
  const isTheirs = (request: ModelRequest) => request.shop === shop.key && request.email === email;
  const theirs = new Set(world.requests.filter(isTheirs).map((request) => request.key));
  world.submissions = world.submissions.filter(
    ({ shop: key, request }) => key !== shop.key || request === null || !theirs.has(request),
  );
  removeRequests(world, isTheirs);
}

/** What the oracle counts in a shop, and what it counted on the days that are sealed since. */
export function countShop(world: World, shop: ModelShop): Map<string, AllCounts> {
  const live = countLive(world, shop);
  const seal = world.seals.get(shop.key);
  if (!seal) return live;
  const open = [...live].filter(([day]) => day >= seal.until);
  return new Map([...[...seal.days].sort(([a], [b]) => (a < b ? -1 : 1)), ...open]);
}

/** What the oracle counts in a shop, whether days are sealed or not. */
export function countLive(world: World, shop: ModelShop): Map<string, AllCounts> {
  const isOwn = (row: Owned) => row.shop === shop.key;
  return countAll({
    requests: world.requests.filter(isOwn).map((row) => ({
      id: `${row.key}`,
      shopId: shop.id,
      sentAt: row.sentAt,
      clickedAt: row.clickedAt,
      submittedAt: row.submittedAt,
    })),
    events: world.events.filter(isOwn).map((row) => ({
      shopId: shop.id,
      requestId: `${row.request}`,
      eventType: row.type,
      eventAt: row.at,
    })),
    submissions: world.submissions.filter(isOwn).map((row) => ({
      shopId: shop.id,
      mediaType: row.media,
      status: row.status,
      rating: row.rating,
      submittedAt: row.submittedAt,
      approvedAt: row.approvedAt,
      publishedAt: row.publishedAt,
    })),
  });
}
