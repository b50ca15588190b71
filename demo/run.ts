import type { PrismaClient } from "@prisma/client";
import { postRollup, type Site } from "./site";
import { startProgress, toCount } from "./terminal";

/** What calls of POST /jobs/rollup did together. */
export type Run = {
  calls: number;
  shops: number;
  days: number;
  rowsWritten: number;
  rowsDeleted: number;
  durationMs: number;
};

/** Shops and days that wait in the change log. */
export async function countMarks(db: PrismaClient): Promise<{ shops: number; days: number }> {
  const [marks] = await db.$queryRawUnsafe<{ shops: number; days: number }[]>(`
select count(distinct i.shop_id)::int as shops, count(distinct (i.shop_id, i.date))::int as days
from rollup_marks i`);
  return marks ?? { shops: 0, days: 0 };
}

/** Calls POST /jobs/rollup until nothing remains, under a bar that follows what the answers say. */
export async function finishRun(site: Site): Promise<Run> {
  // A call counts the shops that it recounted, so that one in two calls would count twice.
  const { shops } = await countMarks(site.db);
  const run: Run = { calls: 0, shops, days: 0, rowsWritten: 0, rowsDeleted: 0, durationMs: 0 };
  const progress = startProgress();
  let remaining: number;
  do {
    const answer = await postRollup(site);
    remaining = answer.remaining;
    run.calls += 1;
    run.days += answer.days;
    run.rowsWritten += answer.rowsWritten;
    run.rowsDeleted += answer.rowsDeleted;
    run.durationMs += answer.durationMs;
    const total = run.days + remaining;
    if (total > 0) progress.show(run.days, total, `${toCount(run.days)} of ${toCount(total)} days, call ${run.calls}`);
  } while (remaining > 0);
  progress.end();
  return run;
}
