import { isDeepStrictEqual } from "node:util";
import { rollup } from "~/rollup.server";
import { compile } from "~/services/rollup/query.server";
import { toCleanReadStatement, toReadStatement } from "~/services/rollup/read/read-sql";
import { countDays, readSourceRows, sumDays } from "../oracle";
import { pick } from "./chance";
import type { Tally, Worker } from "./hammer";
import { type Session, withSession } from "./session";
import { getFirstRareDay, shiftDay, type World } from "./world";

/**
 * A reader: the app's read of a random range of a random shop, and the same counted from the source rows by plain
 * arrays, both in one snapshot.
 */
export function makeReader(world: World): Worker {
  return ({ goesOn, tally }) =>
    withSession(async (session) => {
      while (goesOn()) {
        const [from = "", to = ""] = [pick(world.days), pick(world.days)].sort();
        await session.query("begin isolation level repeatable read");
        const { rows } = await session.query<{ id: string }>("select id from shops order by random() limit 1");
        await compareRead(session, rows[0]?.id ?? "", toRange(from, to), tally);
        await session.query("commit");
      }
    });
}

/** Reads all there is of the world's shops, and compares it in the same way. */
export function compareAllReads(world: World, tally: Tally): Promise<void> {
  return withSession(async (session) => {
    await session.query("begin isolation level repeatable read");
    // Several events of one request lie up to a day apart.
    const range = toRange(getFirstRareDay(world), shiftDay([...world.days].sort().at(-1) ?? "", 1));
    for (const shopId of world.shopIds) await compareRead(session, shopId, range, tally);
    await session.query("commit");
  });
}

async function compareRead(session: Session, shopId: string, range: Range, tally: Tally): Promise<void> {
  const actual = await readRange(session, shopId, range);
  const expected = await countLive(session, shopId, range);
  tally.reads += 1;
  if (!isDeepStrictEqual(actual, expected)) tally.differences.push({ shopId, range, actual, expected });
}

type Range = { previous: string; from: string; to: string };

function toRange(from: string, to: string): Range {
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
  return { previous: shiftDay(from, -days), from, to };
}

async function readRange(session: Session, shopId: string, { previous, from, to }: Range) {
  const given = { shopId, start: previous, from, until: shiftDay(to, 1), withSeries: true };
  const ask = (sql: string) => {
    const { text, values } = compile(rollup.engine, sql, given);
    return session.query(text, values);
  };
  const clean = await ask(toCleanReadStatement(rollup.engine, "null"));
  const { rows } = clean.rows.length > 0 ? clean : await ask(toReadStatement(rollup.engine, "null"));
  const { totals, previous: before, series } = rows[0];
  return { totals, previous: before, series };
}

async function countLive(session: Session, shopId: string, { previous, from, to }: Range) {
  const days = countDays(await readSourceRows(shopId, async (sql, values) => (await session.query(sql, values)).rows));
  const series = [...days]
    .filter(([date]) => date >= from && date <= to)
    .map(([date, counts]) => ({ ...counts, date }));
  return { totals: sumDays(days, from, to), previous: sumDays(days, previous, shiftDay(from, -1)), series };
}
