import { z } from "zod";
import { answer, refuse, requireMethod } from "./answer.server";
import { requireBearer } from "./bearer.server";
import type { HandlerContext } from "./handlers.server";
import { parse, parseBody } from "./input.server";
import { makeJobLimiter } from "./job-limiter.server";
import { toRebuildAnswer } from "./rebuild-answer.server";
import { daySchema, idSchema, withRange } from "./schemas.server";

const bodySchema = withRange(
  z.strictObject({
    shopId: idSchema.optional(),
    fromDate: daySchema,
    toDate: daySchema,
    dryRun: z.boolean({ error: "must be true or false" }).optional(),
  }),
  "fromDate",
  "toDate",
);

const paramsSchema = z.object({ runId: idSchema });

export function makeRebuildHandlers({ rollup, adminToken, answerSafely }: HandlerContext) {
  /** They are opened one at a time whatever comes; here they wait without a connection. */
  const limit = makeJobLimiter(rollup);

  return {
    /** POST: starts a rebuild of the range, or a dry run of it. */
    startRebuild(request: Request): Promise<Response> {
      return answerSafely(async () => {
        requireMethod(request, "POST");
        requireBearer(request, "ADMIN_TOKEN", adminToken);
        const { shopId, range, dryRun } = await parseBody(request, bodySchema);
        if (shopId !== undefined && !(await rollup.isShop(shopId))) throw refuseShop(shopId);
        const started = await limit(() => rollup.startRebuild({ shopId, range, dryRun }));
        if (typeof started !== "string") {
          const { overlaps } = started;
          throw refuse(409, "overlap", `The rebuild ${overlaps} of some of these shops and days is running.`, {
            issues: [{ field: "fromDate", value: range.from, message: `overlaps the running rebuild ${overlaps}` }],
          });
        }
        const rebuild = await rollup.getRebuild(started);
        if (!rebuild) throw new Error(`The rebuild ${started} is not in the ledger.`);
        return answer(toRebuildAnswer(rollup.definition, rebuild), 202);
      });
    },

    /** GET: progress of the rebuild `givenId`, as the address has it. DELETE: cancels it. */
    rebuild(request: Request, givenId: string | undefined): Promise<Response> {
      return answerSafely(async () => {
        requireMethod(request, "GET", "DELETE");
        requireBearer(request, "ADMIN_TOKEN", adminToken);
        const { runId } = parse({ runId: givenId }, paramsSchema);
        const isCancelled = request.method === "DELETE";
        const rebuild = await (isCancelled ? rollup.cancelRebuild(runId) : rollup.getRebuild(runId));
        if (!rebuild) throw refuseRun(runId);
        return answer(toRebuildAnswer(rollup.definition, rebuild));
      });
    },
  };
}

function refuseShop(shopId: string): Response {
  return refuse(404, "unknown_shop", `There is no shop ${JSON.stringify(shopId)}.`, {
    issues: [{ field: "shopId", value: shopId, message: "must be the id of a shop" }],
  });
}

function refuseRun(runId: string): Response {
  return refuse(404, "unknown_run", `There is no rebuild ${JSON.stringify(runId)}.`, {
    issues: [{ field: "runId", value: runId, message: "must be the id of a rebuild" }],
  });
}
