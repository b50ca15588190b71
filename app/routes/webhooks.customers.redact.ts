import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { answerSafely, requireMethod } from "~/http/answer.server";
import { parse } from "~/http/input.server";
import { acknowledge, requireWebhook } from "~/http/webhook.server";
import { log } from "~/log.server";
import { redactCustomer } from "~/services/customer.server";

const payloadSchema = z.object({ customer: z.object({ email: z.string().nullish() }).nullish() });

/** POST by Shopify: a shop's owner asks to delete a customer's data. */
function respond({ request }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
  return answerSafely(async () => {
    requireMethod(request, "POST");
    const { shopDomain, payload } = await requireWebhook(request, "customers/redact");
    const { customer } = parse(payload, payloadSchema);
    const redaction = await redactCustomer({ shopDomain, email: customer?.email ?? "" });
    log.info({ shopDomain, ...redaction }, "a customer's data is deleted");
    return acknowledge();
  });
}

export { respond as action, respond as loader };
