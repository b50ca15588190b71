import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { answer, answerSafely, refuse, requireMethod } from "~/http/answer.server";
import { requireBearer } from "~/http/bearer.server";
import { daySchema, idSchema, parseBody, withRange } from "~/http/input.server";
import { makeJobLine } from "~/http/job-line.server";
import { toRebuildAnswer } from "~/http/rebuild-answer.server";
import { getRebuild, startRebuild } from "~/services/rollup/rebuild.server";
import { isShop } from "~/services/rollup/shop.server";

/** They are opened one at a time whatever comes; here they wait without a connection. */
const takeTurn = makeJobLine();

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

/** POST: starts a rebuild of the range, or a dry run of it. */
function respond({ request }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
  return answerSafely(async () => {
    requireMethod(request, "POST");
    requireBearer(request, "ADMIN_TOKEN");
    const { shopId, range, dryRun } = await parseBody(request, bodySchema);
    if (shopId !== undefined && !(await isShop(shopId))) {
      throw refuse(404, "unknown_shop", `There is no shop ${JSON.stringify(shopId)}.`, {
        issues: [{ field: "shopId", value: shopId, message: "must be the id of a shop" }],
      });
    }
    const started = await takeTurn(() => startRebuild({ shopId, range, dryRun }));
    if (typeof started !== "string") {
      throw refuse(409, "overlap", `The rebuild ${started.overlaps} of some of these shops and days is running.`, {
        issues: [{ field: "fromDate", value: range.from, message: `overlaps the running rebuild ${started.overlaps}` }],
      });
    }
    const rebuild = await getRebuild(started);
    if (!rebuild) throw new Error(`The rebuild ${started} is not in the ledger.`);
    return answer(toRebuildAnswer(rebuild), 202);
  });
}

export { respond as action, respond as loader };
