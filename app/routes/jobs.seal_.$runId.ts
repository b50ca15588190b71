import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { handlers } from "~/http/handlers.server";

/** GET by an operator: progress of a seal. DELETE: cancels it. */
function respond({ request, params }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
  return handlers.seal(request, params.runId);
}

export { respond as action, respond as loader };
