import fc from "fast-check";
import { call, cron } from "../call";
import { isServer } from "../writers";
import { expectReadsExact, unchanged } from "./check";
import { postRollup } from "./job-steps";
import { type AppStep, type Context, type Outcome, toAppStep, type WriteStep } from "./step";

type Plan = { writes: WriteStep[]; commit: boolean; meanwhile: "run" | "verify" | "nothing" };

/** Several writes in one transaction, which is rolled back or commits. */
export function toTransactionStep(write: fc.Arbitrary<WriteStep>): fc.Arbitrary<AppStep> {
  const plan = fc.record({
    writes: fc.array(write, { minLength: 1, maxLength: 4 }),
    commit: fc.boolean(),
    meanwhile: fc.constantFrom<Plan["meanwhile"]>("nothing", "run", "verify"),
  });
  return fc.oneof(
    toAppStep("commit a transaction", plan, (context, given) => transact(context, { ...given, commit: true })),
    toAppStep("roll back a transaction", plan, (context, given) => transact(context, { ...given, commit: false })),
  );
}

async function transact(context: Context, { writes, commit, meanwhile }: Plan): Promise<Outcome> {
  const draft = structuredClone(context.world);
  context.lines.push("  begin");
  await context.writer.transact(async (session) => {
    for (const step of writes) await step.write(draft, session);
    // A truncate holds its tables against readers, too, until the transaction ends.
    const canRead = isServer && !writes.some((step) => step.kind === "truncate");
    if (canRead) await workBesides(context, meanwhile);
    return { commit };
  });
  context.lines.push(commit ? "  commit" : "  rollback");
  if (commit) Object.assign(context.world, draft);
  return meanwhile === "run" ? {} : { change: unchanged };
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
