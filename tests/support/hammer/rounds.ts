import { setTimeout as pause } from "node:timers/promises";
import { waitFor } from "../wait";
import { makeClicker } from "./clicker";
import { countTurn, type Rest, repeat, times, type Worker } from "./hammer";
import type { Recount } from "./mutants";
import { compareAllReads } from "./reader";
import { type Session, withSession } from "./session";
import type { World } from "./world";
import { makeWriter } from "./writer";

// Where writers never rest, each day is soon marked again, and whatever its row says is not read.

/** On a machine that has other work to do, too. */
const restDeadlineMs = 300_000;

type Rounds = { writers: number; clickers: number; recounts: number };

/**
 * Writers and recounts in rounds: each writer writes a little and then rests until all do, until the recounts have left
 * nothing marked and are at their end, and until every read was compared.
 */
export function makeRounds(world: World, recount: Recount, { writers, clickers, recounts }: Rounds): Worker[] {
  const underWay = new Set<Promise<unknown>>();
  const rest = makeRest(writers + clickers, async ({ goesOn, tally }) => {
    await withSession((session) =>
      waitFor("all marks to be taken", async () => !goesOn() || !(await isMarked(session, world)), restDeadlineMs),
    );
    await Promise.allSettled(underWay);
    await compareAllReads(world, tally);
    countTurn(tally, "rounds");
  });
  async function recountOnce(): Promise<void> {
    const turn = recount(world.shopIds);
    underWay.add(turn);
    await turn.finally(() => underWay.delete(turn));
  }
  return [
    ...times(writers, () => makeWriter(world, rest)),
    ...times(clickers, () => makeClicker(world, rest)),
    ...times(recounts, () => repeat("recounts", recountOnce)),
  ];
}

/** Lets `count` workers rest until the last of them has come to its rest and `atRest` is done. */
function makeRest(count: number, atRest: Rest): Rest {
  let round = 0;
  let resting = 0;
  return async (hammer) => {
    const own = round;
    resting += 1;
    if (resting === count) {
      await atRest(hammer);
      resting = 0;
      round += 1;
    }
    while (round === own && hammer.goesOn()) await pause(2);
  };
}

async function isMarked(session: Session, world: World): Promise<boolean> {
  const sql = "select from rollup_marks where shop_id = any($1::text[]) limit 1";
  return (await session.query(sql, [world.shopIds])).rows.length > 0;
}
