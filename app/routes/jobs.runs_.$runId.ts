import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { handlers } from "~/http/handlers.server";

/** GET by an operator: one run with all that the ledger keeps of it. */
function respond({ request, params }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
  return handlers.ledgerRun(request, params.runId);
}

export { respond as action, respond as loader };
