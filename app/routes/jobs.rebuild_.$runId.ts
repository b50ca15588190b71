import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { answer, answerSafely, refuse, requireMethod } from "~/http/answer.server";
import { requireBearer } from "~/http/bearer.server";
import { idSchema, parse } from "~/http/input.server";
import { toRebuildAnswer } from "~/http/rebuild-answer.server";
import { cancelRebuild, getRebuild } from "~/services/rollup/rebuild.server";

const paramsSchema = z.object({ runId: idSchema });

/** GET: progress of a rebuild. DELETE: cancels it. */
function respond({ request, params }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
  return answerSafely(async () => {
    requireMethod(request, "GET", "DELETE");
    requireBearer(request, "ADMIN_TOKEN");
    const { runId } = parse(params, paramsSchema);
    const rebuild = request.method === "DELETE" ? await cancelRebuild(runId) : await getRebuild(runId);
    if (!rebuild) {
      throw refuse(404, "unknown_run", `There is no rebuild ${JSON.stringify(runId)}.`, {
        issues: [{ field: "runId", value: runId, message: "must be the id of a rebuild" }],
      });
    }
    return answer(toRebuildAnswer(rebuild));
  });
}

export { respond as action, respond as loader };
