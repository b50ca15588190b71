import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { answerSafely } from "~/http/answer.server";
import { answer, requireMethod } from "~/services/rollup/http/answer.server";

/**
 * GET by a probe: that the process answers. It asks nothing of the database, whose absence no restart mends; what is wrong
 * with the numbers is for /healthz to say.
 */
function respond({ request }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
  return answerSafely(async () => {
    requireMethod(request, "GET", "HEAD");
    return answer({ status: "ok" });
  });
}

export { respond as action, respond as loader };
