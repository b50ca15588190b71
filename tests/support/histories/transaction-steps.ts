import fc from "fast-check";
import { call, cron } from "../call";
import { type IsolationLevel, isolationLevels } from "../hammer/hammer";
import { isSerializationFailure } from "../hammer/session";
import { isServer } from "../writers";
import { expectReadsExact, unchanged } from "./check";
import { countStep } from "./figures";
import { postRollup } from "./job-steps";
import { type AppStep, type Context, type Outcome, toAppStep, type WriteStep } from "./step";
import type { World } from "./world";

type Plan = {
  level: IsolationLevel;
  writes: WriteStep[];
  commit: boolean;
  meanwhile: "run" | "verify" | "nothing";
  /** When that happens: above read committed the writes see what was before all the same. */
  moment: "before the writes" | "after the writes";
};

/** Several writes in one transaction, of any isolation level, which is rolled back or commits. */
export function toTransactionStep(write: fc.Arbitrary<WriteStep>): fc.Arbitrary<AppStep> {
  const plan = fc.record({
    level: fc.constantFrom(...isolationLevels),
    writes: fc.array(write, { minLength: 1, maxLength: 4 }),
    commit: fc.boolean(),
    meanwhile: fc.constantFrom<Plan["meanwhile"]>("nothing", "run", "verify"),
    moment: fc.constantFrom<Plan["moment"]>("before the writes", "after the writes"),
  });
  return fc.oneof(
    toAppStep("commit a transaction", plan, (context, given) => transact(context, { ...given, commit: true })),
    toAppStep("roll back a transaction", plan, (context, given) => transact(context, { ...given, commit: false })),
  );
}

async function transact(context: Context, plan: Plan): Promise<Outcome> {
  const { commit, meanwhile } = plan;
  const draft = await tryToWrite(context, plan);
  if (commit) Object.assign(context.world, draft);
  return meanwhile === "run" ? {} : { change: unchanged };
}

/** Writes to a copy of the model, too: the world as it is where that commits. */
async function tryToWrite(context: Context, plan: Plan): Promise<World> {
  const { level, writes, commit, meanwhile, moment } = plan;
  const draft = structuredClone(context.world);
  try {
    await context.writer.transact(level, async (session) => {
      // Above read committed, what the transaction sees all along.
      await session.execute("select 1");
      if (isServer && moment === "before the writes") await workBesides(context, meanwhile);
      for (const step of writes) await step.write(draft, session);
      // A truncate holds its tables against readers, too, until the transaction ends.
      const canRead = isServer && !writes.some((step) => step.kind === "truncate");
      if (canRead && moment === "after the writes") await workBesides(context, meanwhile);
      return { commit };
    });
  } catch (error) {
    if (!isSerializationFailure(error)) throw error;
    context.lines.push("  could not serialize, so once more, with nothing beside it");
    countStep(context.figures, "try a transaction again");
    return tryToWrite(context, { ...plan, meanwhile: "nothing" });
  }
  context.lines.push(commit ? "  commit" : "  rollback");
  return draft;
}

/** While the writer's transaction is open, its writes are no one else's: reads are exact without them, also after a run. */
async function workBesides(context: Context, meanwhile: Plan["meanwhile"]): Promise<void> {
  if (meanwhile === "run") await postRollup(context);
  if (meanwhile === "verify") {
    context.lines.push("  POST /jobs/verify");
    await call(context.app.verify, "/jobs/verify", { method: "POST", headers: cron });
  }
  await expectReadsExact(context, 0);
}
