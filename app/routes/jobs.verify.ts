import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { handlers } from "~/http/handlers.server";

/** POST or GET by the cron: a verification. */
function respond({ request }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
  return handlers.runVerify(request);
}

export { respond as action, respond as loader };
