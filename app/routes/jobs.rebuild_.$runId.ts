import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { handlers } from "~/http/handlers.server";

/** GET by an operator: progress of a rebuild. DELETE: cancels it. POST: goes on with a cancelled one. */
function respond({ request, params }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
  return handlers.rebuild(request, params.runId);
}

export { respond as action, respond as loader };
