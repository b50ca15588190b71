import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import { recountMarkedDays } from "~/services/rollup/recount/recount.server";
import { recordStatements } from "../statements";
import { runSql } from "../writers";
import { isDeadlock, type Session, withSession } from "./session";

// The app's recount with one of its rules switched off each: what the rules are for.

/** Recounts marked days of these shops. */
export type Recount = (shopIds: string[]) => Promise<unknown>;

const maxDays = 2_000;

/** All rules on: the app's own. */
export const recountByApp: Recount = (shopIds) => recountMarkedDays(rollup.engine, shopIds, maxDays);

type Mark = { shop_id: string; date: string | null; parent_id: string | null };
type AppStatements = { resolve: string; count: string };

/** The app's counts, with no lock between two of them: neither on the shops nor on the marks that both would take. */
export async function makeUnlockedRecount(): Promise<Recount> {
  const statements = await readStatements();
  const take = `
    delete from rollup_marks
    where ctid = any(array(select ctid from rollup_marks where shop_id = any($1) for update skip locked))
    returning shop_id, date::text, parent_id`;
  return (shopIds) =>
    withSession(async (session) => {
      await session.query("begin");
      try {
        const { rows } = await session.query<Mark>(take, [shopIds]);
        await countMarks(session, statements, rows);
        await session.query("commit");
      } catch (error) {
        await session.query("rollback");
        if (!isDeadlock(error)) throw error;
      }
    });
}

/** The app's counts and its lock, but the marks are taken after the count. */
export async function makeLateTakingRecount(): Promise<Recount> {
  const statements = await readStatements();
  const lock =
    "select shop_id as id from rollup_shops where shop_id = any($1) order by 1 for no key update skip locked";
  const look = "select shop_id, date::text, parent_id from rollup_marks where shop_id = any($1)";
  const take = `
    delete from rollup_marks m
    using unnest($1::text[], $2::date[], $3::text[]) as d (shop_id, date, parent_id)
    where m.shop_id = d.shop_id
      and (m.date, m.parent_id) is not distinct from (d.date, d.parent_id)`;
  return (shopIds) =>
    withSession(async (session) => {
      await session.query("insert into rollup_shops (shop_id) select id from shops on conflict do nothing");
      await session.query("begin");
      const locked = await session.query<{ id: string }>(lock, [shopIds]);
      const { rows } = await session.query<Mark>(look, [locked.rows.map((shop) => shop.id)]);
      await countMarks(session, statements, rows);
      await session.query(take, [toColumn(rows, "shop_id"), toColumn(rows, "date"), toColumn(rows, "parent_id")]);
      await session.query("commit");
    });
}

/** Lets the triggers merge the marks of one day into one row. No day may be marked. Returns the cure. */
export async function mergeMarks(): Promise<() => Promise<void>> {
  await runSql("create unique index merged_marks on rollup_marks (shop_id, date)");
  const cure = await replaceInFunctions([[/(insert into rollup_marks[^;]*);/g, "$1\non conflict do nothing;"]]);
  return async () => {
    await cure();
    await runSql("drop index merged_marks");
  };
}

/** Lets the trigger of requests look up, while it writes, the days that a marked request contributes to. Returns the cure. */
export function resolveAtWriteTime(): Promise<() => Promise<void>> {
  const resolve = (marks: string) => `
     select distinct e.shop_id, e.event_at::date
     from (${marks}) as r (shop_id, parent_id)
     join testimonial_request_events e on e.request_id = r.parent_id and e.shop_id = r.shop_id
     where e.event_type = 'clicked'`;
  return replaceInFunctions([
    [
      /insert into rollup_marks \(shop_id, parent_id\)\n([^;]*);/g,
      `insert into rollup_marks (shop_id, date) ${resolve("$1")};`,
    ],
    [
      /insert into rollup_marks \(shop_id, date, parent_id\)\n\s*select m.shop_id, m.date, m.parent_id\n([^;]*);/g,
      `insert into rollup_marks (shop_id, date)
       select m.shop_id, m.date $1 and m.date is not null
       union ${resolve("select m.shop_id, m.parent_id $1")};`,
    ],
  ]);
}

/** Replaces texts in the functions that write marks, one of which must have each. Returns the cure. */
async function replaceInFunctions(replacements: [pattern: RegExp, by: string][]): Promise<() => Promise<void>> {
  const functions = await db.$queryRawUnsafe<{ text: string }[]>(
    "select pg_get_functiondef(oid) as text from pg_proc where prosrc like '%insert into rollup_marks%'",
  );
  for (const [pattern] of replacements) {
    const isFound = functions.some(({ text }) => text.search(pattern) >= 0);
    if (!isFound) throw new Error(`No function that writes marks has ${pattern}.`);
  }
  const replaced = functions.map(({ text }) => replacements.reduce((was, [of, by]) => was.replace(of, by), text));
  for (const text of replaced) await runSql(text);
  return async () => {
    for (const { text } of functions) await runSql(text);
  };
}

/** Counts, by the app's own statements, the days of these marks and those of the rows that they name. */
async function countMarks(session: Session, { resolve, count }: AppStatements, marks: Mark[]): Promise<void> {
  const days = marks.filter((mark) => mark.date !== null).map((mark) => [mark.shop_id, mark.date]);
  const rows = marks.filter((mark) => mark.parent_id !== null);
  const resolved = await session.query<{ days: [string, string][] }>(resolve, [
    toColumn(rows, "shop_id"),
    toColumn(rows, "parent_id"),
  ]);
  const all = [...new Set([...days, ...(resolved.rows[0]?.days ?? [])].map((day) => JSON.stringify(day)))];
  const pairs = all.map((day) => JSON.parse(day) as [string, string]);
  await session.query(count, [pairs.map(([shopId]) => shopId), pairs.map(([, date]) => date)]);
}

function toColumn(marks: Mark[], column: keyof Mark): (string | null)[] {
  return marks.map((mark) => mark[column]);
}

/** The statements that resolve marked rows and that count and replace days, just as they reach the database. */
async function readStatements(): Promise<AppStatements> {
  const shop = await db.shop.findFirstOrThrow();
  // Only marked shops are recounted. On this day there is nothing to count, and there is no such row.
  await runSql("insert into rollup_marks (shop_id, date) values ($1, '1999-01-01')", [shop.id]);
  await runSql("insert into rollup_marks (shop_id, parent_id) values ($1, 'none')", [shop.id]);
  const statements = await recordStatements(() => recountByApp([shop.id]));
  return {
    resolve: findStatement(statements, "m (shop_id, parent_id)"),
    count: findStatement(statements, "written as"),
  };
}

function findStatement(statements: string[], words: string): string {
  const statement = statements.find((text) => text.includes(words));
  if (statement === undefined) throw new Error(`The app recounted without a statement that has "${words}".`);
  return statement;
}
