import { z } from "zod";
import type { Day } from "../day";
import type { RebuildRefusal } from "../jobs/rebuild.server";
import { answer, refuse, requireMethod } from "./answer.server";
import { requireBearer } from "./bearer.server";
import type { HandlerContext } from "./handlers.server";
import { parse, parseBody } from "./input.server";
import { makeJobLimiter } from "./job-limiter.server";
import { toRebuildAnswer } from "./rebuild-answer.server";
import { daySchema, flagSchema, idSchema, withRange } from "./schemas.server";
import { refuseOverlap, refuseResume, refuseRun, refuseShop } from "./sweep-refusals.server";

const bodySchema = withRange(
  z.strictObject({
    shopId: idSchema.optional(),
    fromDate: daySchema,
    toDate: daySchema,
    dryRun: flagSchema.optional(),
    unseal: flagSchema.optional(),
  }),
  "fromDate",
  "toDate",
);

const paramsSchema = z.object({ runId: idSchema });

export function makeRebuildHandlers({ rollup, adminToken, answerSafely }: HandlerContext) {
  /** They are opened one at a time whatever comes; here they wait without a connection. */
  const limit = makeJobLimiter(rollup);

  async function resume(runId: string) {
    const resumed = await rollup.resumeRebuild(runId);
    if (resumed === null) throw refuseRun("rebuild", runId);
    if ("notCancelled" in resumed) throw refuseResume("rebuild", runId, resumed.notCancelled);
    if (!("runId" in resumed)) throw refuseRebuild(resumed, null);
    return toRebuildAnswer(rollup.definition, resumed);
  }

  return {
    /** POST: starts a rebuild of the range, or a dry run of it. */
    startRebuild(request: Request): Promise<Response> {
      return answerSafely(async () => {
        requireMethod(request, "POST");
        requireBearer(request, "ADMIN_TOKEN", adminToken);
        const { shopId, range, dryRun, unseal } = await parseBody(request, bodySchema);
        if (shopId !== undefined && !(await rollup.isShop(shopId))) throw refuseShop(shopId);
        const started = await limit(() => rollup.startRebuild({ shopId, range, dryRun, unseal }));
        if (typeof started !== "string") throw refuseRebuild(started, range.from);
        const rebuild = await rollup.getRebuild(started);
        if (!rebuild) throw new Error(`The rebuild ${started} is not in the ledger.`);
        return answer(toRebuildAnswer(rollup.definition, rebuild), 202);
      });
    },

    /** GET: progress of the rebuild `givenId`, as the address has it. DELETE: cancels it. POST: goes on with a cancelled one. */
    rebuild(request: Request, givenId: string | undefined): Promise<Response> {
      return answerSafely(async () => {
        requireMethod(request, "GET", "DELETE", "POST");
        requireBearer(request, "ADMIN_TOKEN", adminToken);
        const { runId } = parse({ runId: givenId }, paramsSchema);
        if (request.method === "POST") return answer(await limit(() => resume(runId)), 202);
        const isCancelled = request.method === "DELETE";
        const rebuild = await (isCancelled ? rollup.cancelRebuild(runId) : rollup.getRebuild(runId));
        if (!rebuild) throw refuseRun("rebuild", runId);
        return answer(toRebuildAnswer(rollup.definition, rebuild));
      });
    },
  };
}

function refuseRebuild(refusal: RebuildRefusal, from: Day | null): Response {
  if ("overlaps" in refusal) return refuseOverlap(refusal, "fromDate", from);
  if ("notUnsealed" in refusal) {
    return refuse(409, "not_unsealed", `The shop stays sealed. ${refusal.notUnsealed}`, {
      issues: [{ field: "unseal", value: true, message: "can't be done for these days" }],
    });
  }
  const { shops, sealedUntil } = refusal;
  const whose = shops === 1 ? "a shop" : `${shops} shops`;
  return refuse(409, "sealed", `Days before ${sealedUntil} are sealed, of ${whose}: they stay as they are.`, {
    issues: [
      {
        field: "fromDate",
        value: from,
        message: `must be ${sealedUntil} or later, or "unseal" be true to count sealed days`,
      },
    ],
  });
}
