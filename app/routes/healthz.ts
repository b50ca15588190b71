import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { handlers } from "~/http/handlers.server";

/** GET by anyone: whether the rollup does its work. */
function respond({ request }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
  return handlers.health(request);
}

export { respond as action, respond as loader };
