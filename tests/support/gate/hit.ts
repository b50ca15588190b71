import { expect } from "vitest";
import { type Answer, postRollup, untilAnswer } from "../http";
import { listDifferences } from "../plain-sql";
import { waitFor } from "../wait";
import { actions } from "./actions";
import { crashDatabase, type Fault, killServer } from "./faults";
import type { Point } from "./points";
import { expectClear, type Scene } from "./scene";

const answerDeadlineMs = 20_000;

/**
 * Lets the fault hit the action at the point, beside a writer, and asserts all that must hold then: an answer that its
 * caller can understand, exact reads, a table that the next run makes equal to the source tables, a ledger in which
 * every run has ended, and no session that still holds something.
 */
export async function expectUnharmed(scene: Scene, point: Point, fault: Fault): Promise<void> {
  const action = actions[point.action];
  await scene.seed();
  await action.prepare(scene);

  const reached = scene.gate.hold(point);
  const answer = withDeadline(action.start(scene)).catch((error: unknown) => error as Error);
  const held = await Promise.race([reached, answer.then(() => reached)]);
  await scene.write();
  await fault.strike(scene, held, answer);

  const answered = await answer;
  if (fault === killServer && answered instanceof Error) expect(answered.message).toBe("fetch failed");
  else expectClear(answered as Answer, [200, 202, 207, 500, 503]);
  for (const shopId of action.readable) await scene.expectReadExact(shopId);
  await action.expectHalf(scene);
  await action.complete(scene);
  await expectSettled(scene);
  await expectLedger(scene, fault, answered);
  await expectNothingHeld(scene);
}

async function withDeadline(answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${answerDeadlineMs} ms.`)), answerDeadlineMs);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/** One run more at most until nothing is left, and the run after it finds nothing to do. */
async function expectSettled(scene: Scene): Promise<void> {
  await scene.letLeasesPass();
  await untilAnswer(
    "a run that leaves nothing",
    () => postRollup(scene.server),
    (answer) => {
      expectClear(answer, [200, 503]);
      return answer.body.status === "ok" && answer.body.remaining === 0;
    },
  );
  expect(await listDifferences(scene.query)).toEqual([]);
  expect((await postRollup(scene.server)).body).toMatchObject({
    status: "ok",
    rowsWritten: 0,
    rowsDeleted: 0,
    days: 0,
  });
}

/** Every run has ended, says why where it failed, and was answered as what it is. */
async function expectLedger(scene: Scene, fault: Fault, answered: Answer | Error): Promise<void> {
  const runs = await scene.query<{ id: string; kind: string; status: string; error: string | null; finished: boolean }>(
    "select id, kind, status, error, finished_at is not null as finished from rollup_runs where shop_id is null",
  );
  for (const run of runs) {
    expect(["ok", "partial", "failed"]).toContain(run.status);
    expect(run).toMatchObject({ finished: true, error: run.status === "failed" ? expect.stringMatching(/./) : null });
  }
  // A caller who is answered while the database is away can't be told what had been committed by then.
  if (answered instanceof Error || fault === crashDatabase) return;
  const told = runs.find(({ id }) => id === (answered.body.runId as unknown));
  if (told && !["rebuild", "seal"].includes(told.kind)) expect(told.status).toBe(answered.body.status);
}

async function expectNothingHeld(scene: Scene): Promise<void> {
  await waitFor("no session in a transaction", async () => {
    const sessions = await scene.query(`
select from pg_stat_activity a
where a.datname = current_database()
  and a.pid <> pg_backend_pid()
  and a.backend_type = 'client backend'
  and (a.state <> 'idle' or exists (select from pg_locks l where l.pid = a.pid))`);
    return sessions.length === 0;
  });
}
