import { db } from "~/db.server";
import { recountMarkedDays } from "~/services/rollup/recount.server";
import { recordStatements } from "../statements";
import { runSql } from "../writers";
import { isDeadlock, withSession } from "./session";

// The app's recount with one of its rules switched off each: what the rules are for.

/** Recounts marked days of these shops. */
export type Recount = (shopIds: string[]) => Promise<unknown>;

const maxDays = 2_000;

/** All rules on: the app's own. */
export const recountByApp: Recount = (shopIds) => recountMarkedDays(shopIds, maxDays);

/** The app's statement, without the lock on the shops before it. Two of them can deadlock, too: that is let pass. */
export async function makeUnlockedRecount(): Promise<Recount> {
  const statement = await readRecountStatement();
  return (shopIds) =>
    withSession(async (session) => {
      await session.query(statement, [shopIds, maxDays]).catch((error: unknown) => {
        if (!isDeadlock(error)) throw error;
      });
    });
}

/** The app's statement, lock and all, but the marks of the days it counted are taken by a second one behind it. */
export async function makeLateTakingRecount(): Promise<Recount> {
  const withoutTaking = replaceText(await readRecountStatement(), /taken as \([^;]*?\n\),\n/, "");
  const count = replaceText(withoutTaking, /$/, `,\n (select json_agg(d) from days d) as "countedDays"`);
  const take = `
    delete from rollup_marks i
    using json_to_recordset($1::json) as d (shop_id text, date date)
    where i.shop_id = d.shop_id and i.date = d.date`;
  return (shopIds) =>
    withSession(async (session) => {
      await session.query("begin");
      const lock = "select id from shops where id = any($1) order by id for no key update skip locked";
      const locked = await session.query<{ id: string }>(lock, [shopIds]);
      const { rows } = await session.query(count, [locked.rows.map((shop) => shop.id), maxDays]);
      await session.query(take, [JSON.stringify(rows[0]?.countedDays ?? [])]);
      await session.query("commit");
    });
}

/** Lets the triggers merge the marks of one day into one row. No day may be marked. Returns the cure. */
export async function mergeMarks(): Promise<() => Promise<void>> {
  const functions = await db.$queryRawUnsafe<{ text: string }[]>(
    "select pg_get_functiondef(oid) as text from pg_proc where prosrc like '%insert into rollup_marks%'",
  );
  await runSql("create unique index merged_marks on rollup_marks (shop_id, date)");
  for (const { text } of functions) {
    await runSql(replaceText(text, /(insert into rollup_marks[^;]*);/g, "$1\non conflict do nothing;"));
  }
  return async () => {
    for (const { text } of functions) await runSql(text);
    await runSql("drop index merged_marks");
  };
}

/** The statement that takes marks, recounts and replaces, just as it reaches the database. */
async function readRecountStatement(): Promise<string> {
  const shop = await db.shop.findFirstOrThrow();
  // Only marked shops are recounted. On this day there is nothing to count.
  await runSql("insert into rollup_marks (shop_id, date) values ($1, '1999-01-01')", [shop.id]);
  const statements = await recordStatements(() => recountByApp([shop.id]));
  const statement = statements.find((text) => text.includes("delete from rollup_marks"));
  if (statement === undefined) throw new Error("The app recounted without a statement that takes marks.");
  return statement;
}

function replaceText(text: string, pattern: RegExp, replacement: string): string {
  const replaced = text.replace(pattern, replacement);
  if (replaced === text) throw new Error(`Nothing of the app's SQL is ${pattern}:\n${text}`);
  return replaced;
}
