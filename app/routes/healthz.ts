import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { answer, answerSafely, requireMethod } from "~/http/answer.server";
import { checkHealth } from "~/services/rollup/health.server";

/** GET: 200 when the rollup does its work, else 503; the body says what is wrong. */
function respond({ request }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
  return answerSafely(async () => {
    requireMethod(request, "GET", "HEAD");
    const health = await checkHealth();
    return answer(health, health.ok ? 200 : 503);
  });
}

export { respond as action, respond as loader };
