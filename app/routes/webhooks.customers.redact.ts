import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { acknowledge, answerWebhook, requireWebhook } from "~/http/webhook.server";
import { log } from "~/log.server";
import { receiveCustomerRedact } from "~/services/privacy.server";
import { requireMethod } from "~/services/rollup/http/answer.server";
import { parse } from "~/services/rollup/http/input.server";
import { handleOnce } from "~/services/webhook.server";

const payloadSchema = z.object({ customer: z.object({ email: z.string().nullish() }).nullish() });

const lines: Record<string, string> = {
  done: "a customer's data is deleted",
  nothing_found: "a customer's data was to be deleted, and nothing of theirs is here",
};

/** POST by Shopify: a shop's owner asks to delete a customer's data. It is gone when this is answered. */
function respond({ request }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
  return answerWebhook("customers/redact", async () => {
    requireMethod(request, "POST");
    const webhook = await requireWebhook(request, "customers/redact");
    const { customer } = parse(webhook.payload, payloadSchema);
    const entry = await handleOnce(webhook, (tx) => receiveCustomerRedact(tx, webhook, customer?.email ?? ""));
    if (entry) {
      const { id, shopDomain, outcome, rowCounts } = entry;
      log.info({ privacyRequestId: id, shopDomain, rowCounts }, lines[outcome]);
    }
    return acknowledge();
  });
}

export { respond as action, respond as loader };
