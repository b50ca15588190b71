import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { handlers } from "~/http/handlers.server";

/** POST by an operator: starts a rebuild. */
function respond({ request }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
  return handlers.startRebuild(request);
}

export { respond as action, respond as loader };
