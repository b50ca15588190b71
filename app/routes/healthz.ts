import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { answer, answerSafely, requireMethod } from "~/http/answer.server";
import { hasBearer } from "~/http/bearer.server";
import { checkHealth, checkHealthInDetail } from "~/services/rollup/health.server";

/**
 * GET: 200 when the rollup does its work, else 503. The body says what is wrong and since when; to a caller with the
 * cron secret also why, and of which shops.
 */
function respond({ request }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
  return answerSafely(async () => {
    requireMethod(request, "GET", "HEAD");
    const health = await (hasBearer(request, "CRON_SECRET") ? checkHealthInDetail() : checkHealth());
    return answer(health, health.ok ? 200 : 503);
  });
}

export { respond as action, respond as loader };
