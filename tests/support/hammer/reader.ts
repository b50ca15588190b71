import { isDeepStrictEqual } from "node:util";
import { rollup } from "~/rollup.server";
import type { Day } from "~/services/rollup/day";
import { listMetrics } from "~/services/rollup/definition/rollup";
import { compile } from "~/services/rollup/query.server";
import { toDaysToRead } from "~/services/rollup/read/read.server";
import { toCleanReadStatement, toReadStatement } from "~/services/rollup/read/read-sql";
import { countAll, readSourceRows, sumCohorts, sumDays } from "../oracle";
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
        await compareRead(session, rows[0]?.id ?? "", { from, to }, tally);
        await session.query("commit");
      }
    });
}

/** Reads all there is of the world's shops, and compares it in the same way. */
export function compareAllReads(world: World, tally: Tally): Promise<void> {
  return withSession(async (session) => {
    await session.query("begin isolation level repeatable read");
    // Several events of one request lie up to a day apart.
    const range = { from: getFirstRareDay(world), to: shiftDay([...world.days].sort().at(-1) ?? "", 1) };
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

type Range = { from: string; to: string };

async function readRange(session: Session, shopId: string, { from, to }: Range) {
  const range = { from: from as Day, until: shiftDay(to, 1) as Day };
  const given = { shopId, ...range, ...toDaysToRead([range]), withSeries: true };
  const ask = (sql: string) => {
    const { text, values } = compile(rollup.engine, sql, given);
    return session.query(text, values);
  };
  const clean = await ask(toCleanReadStatement(rollup.engine, "null"));
  const { rows } = clean.rows.length > 0 ? clean : await ask(toReadStatement(rollup.engine, "null"));
  const { sums, days } = rows[0] as { sums: number[]; days: [string, ...number[]][] };
  return { sums: toNamed(sums), days: days.map(([date, ...counts]) => ({ date, ...toNamed(counts) })) };
}

/** Counts in the order of the metrics, by name. */
function toNamed(counts: number[]): Record<string, number | undefined> {
  return Object.fromEntries(listMetrics(rollup.definition).map(([name], index) => [name, counts[index]]));
}

async function countLive(session: Session, shopId: string, { from, to }: Range) {
  const days = countAll(await readSourceRows(shopId, async (sql, values) => (await session.query(sql, values)).rows));
  const inRange = [...days].filter(([date]) => date >= from && date <= to);
  return {
    sums: { ...sumDays(days, from, to), ...sumCohorts(days, from, to) },
    days: inRange.map(([date, counts]) => ({ date, ...counts })),
  };
}
