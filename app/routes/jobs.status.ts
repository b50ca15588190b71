import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { handlers } from "~/http/handlers.server";

/** GET by an operator: how the rollup is doing. */
function respond({ request }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
  return handlers.status(request);
}

export { respond as action, respond as loader };
