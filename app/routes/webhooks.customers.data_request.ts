import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { acknowledge, answerWebhook, requireWebhook } from "~/http/webhook.server";
import { log } from "~/log.server";
import { receiveDataRequest } from "~/services/privacy.server";
import { raiseDueAlerts } from "~/services/privacy-worker.server";
import { requireMethod } from "~/services/rollup/http/answer.server";
import { parse } from "~/services/rollup/http/input.server";
import { handleOnce } from "~/services/webhook.server";

const payloadSchema = z.object({
  customer: z.object({ email: z.string().nullish() }).nullish(),
  data_request: z.object({ id: z.union([z.number(), z.string()]) }).nullish(),
});

const lines: Record<string, string> = {
  pending: "a customer asks for their data; send it to the shop's owner within 30 days",
  nothing_found: "a customer asks for their data, and nothing of theirs is here",
};

/**
 * POST by Shopify: a customer asks a shop for their data. The app's owner has 30 days to send it to the shop's owner, so
 * it stays open in the register, and an alert tells of it. A warning, so that no usual log level drops it.
 */
function respond({ request }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
  return answerWebhook("customers/data_request", async () => {
    requireMethod(request, "POST");
    const webhook = await requireWebhook(request, "customers/data_request");
    const { customer, data_request: dataRequest } = parse(webhook.payload, payloadSchema);
    const entry = await handleOnce(webhook, (tx) =>
      receiveDataRequest(tx, webhook, { email: customer?.email ?? "", dataRequestId: dataRequest?.id }),
    );
    if (entry) {
      const { id, shopDomain, dataRequestId, outcome, rowCounts } = entry;
      log.warn({ privacyRequestId: id, shopDomain, dataRequestId, rowCounts }, lines[outcome]);
      await raiseDueAlerts();
    }
    return acknowledge();
  });
}

export { respond as action, respond as loader };
