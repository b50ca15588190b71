import { randomUUID } from "node:crypto";
import { runSql } from "../writers";
import { pick, pickNumber } from "./chance";

/**
 * Where a hammer strikes: few shops, days and requests, so that transactions meet. Requests come and go under the same
 * ids, which sort alike for the database and for the test.
 */
export type World = { shopIds: string[]; days: string[]; requestIds: string[] };

/** Ids that sort oddly, look like something else, or need care wherever they are quoted. */
const oddIds = ["", "'\"{,}\\", "NULL", "É😀", "a", "A", " a", "_", "10", "9", "%", "null"];

/** Makes `shops` shops (12 at most) for requests, events and testimonials on `days`. */
export async function makeWorld(size: { shops: number; days: string[]; requests: number }): Promise<World> {
  const shopIds = oddIds.slice(0, size.shops);
  await runSql(
    "insert into shops (id, domain) select id, $2 || n from unnest($1::text[]) with ordinality as s (id, n)",
    [shopIds, randomUUID()],
  );
  const requestIds = Array.from({ length: size.requests }, (_, n) => `request-${String(n).padStart(4, "0")}`);
  return { shopIds, days: size.days, requestIds };
}

/** Ends a world: its shops go, with all that is theirs, and so do the marks. */
export async function endWorld(): Promise<void> {
  await runSql("delete from shops");
  await runSql("delete from rollup_marks");
}

/** The UTC day `days` before today. */
export function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

const rareDays = 30;

/** The first of those days before the world's own on which little happens, so that a wrong row stays. */
export function getFirstRareDay({ days }: World): string {
  return shiftDay([...days].sort()[0] ?? "", -rareDays);
}

/** Noon of one of those days. */
export function pickRareInstant(world: World): string {
  return `${shiftDay(getFirstRareDay(world), pickNumber(0, rareDays - 1))} 12:00:00.000`;
}

export function shiftDay(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

/** An instant on one of the world's days, often at the very edge of it. */
export function pickInstant(world: World): string {
  return `${pick(world.days)} ${pick(["00:00:00.000", "09:30:00.000", "23:59:59.999"])}`;
}
