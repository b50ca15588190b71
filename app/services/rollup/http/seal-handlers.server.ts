import { z } from "zod";
import type { SealRefusal } from "../jobs/seal.server";
import type { SealProgress } from "../jobs/seal-progress";
import { answer, refuse, requireMethod } from "./answer.server";
import { requireBearer } from "./bearer.server";
import type { HandlerContext } from "./handlers.server";
import { parse, parseBody } from "./input.server";
import { makeJobLimiter } from "./job-limiter.server";
import { daySchema, flagSchema, idSchema } from "./schemas.server";
import { refuseOverlap, refuseRun, refuseShop } from "./sweep-refusals.server";

const bodySchema = z.strictObject({
  shopId: idSchema.optional(),
  before: daySchema,
  dryRun: flagSchema.optional(),
});

const paramsSchema = z.object({ runId: idSchema });

export function makeSealHandlers({ rollup, adminToken, answerSafely }: HandlerContext) {
  const limit = makeJobLimiter(rollup);

  return {
    /** POST: seals all days before a day, or says which it would seal. */
    startSeal(request: Request): Promise<Response> {
      return answerSafely(async () => {
        requireMethod(request, "POST");
        requireBearer(request, "ADMIN_TOKEN", adminToken);
        const { shopId, before, dryRun } = await parseBody(request, bodySchema);
        if (shopId !== undefined && !(await rollup.isShop(shopId))) throw refuseShop(shopId);
        const started = await limit(() => rollup.startSeal({ shopId, before, dryRun }));
        if (typeof started !== "string") throw refuseSeal(started, before);
        const seal = await rollup.getSeal(started);
        if (!seal) throw new Error(`The seal ${started} is not in the ledger.`);
        return answer(toSealAnswer(seal), 202);
      });
    },

    /** GET: progress of the seal `givenId`, as the address has it. DELETE: cancels it. */
    seal(request: Request, givenId: string | undefined): Promise<Response> {
      return answerSafely(async () => {
        requireMethod(request, "GET", "DELETE");
        requireBearer(request, "ADMIN_TOKEN", adminToken);
        const { runId } = parse({ runId: givenId }, paramsSchema);
        const seal = await (request.method === "DELETE" ? rollup.cancelSeal(runId) : rollup.getSeal(runId));
        if (!seal) throw refuseRun("seal", runId);
        return answer(toSealAnswer(seal));
      });
    },
  };
}

function toSealAnswer({ error, ...progress }: SealProgress) {
  return { ...progress, ...(error !== null && { error }) };
}

function refuseSeal(refusal: SealRefusal, before: string): Response {
  if ("overlaps" in refusal) return refuseOverlap(refusal, "before", before);
  const message =
    "today" in refusal
      ? `must be before today, ${refusal.today}`
      : refusal.firstDay === null
        ? "is of no use: the shop has no day with data"
        : `must be after the shop's first day with data, ${refusal.firstDay}`;
  return refuse(400, "bad_input", `before ${message} (it was "${before}").`, {
    issues: [{ field: "before", value: before, message }],
  });
}
