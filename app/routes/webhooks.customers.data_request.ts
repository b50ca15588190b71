import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { answerSafely, requireMethod } from "~/http/answer.server";
import { parse } from "~/http/input.server";
import { acknowledge, requireWebhook } from "~/http/webhook.server";
import { log } from "~/log.server";
import { collectCustomerData, toCustomerDataIds } from "~/services/customer.server";

const payloadSchema = z.object({
  customer: z.object({ email: z.string().nullish() }).nullish(),
  data_request: z.object({ id: z.union([z.number(), z.string()]) }).nullish(),
});

/**
 * POST by Shopify: a customer asks a shop for their data. The app's owner has 30 days to send it to the shop's owner;
 * the log says which rows, and holds none of the data. A warning, so that no usual log level drops it.
 */
function respond({ request }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
  return answerSafely(async () => {
    requireMethod(request, "POST");
    const { shopDomain, payload } = await requireWebhook(request, "customers/data_request");
    const { customer, data_request: dataRequest } = parse(payload, payloadSchema);
    const data = await collectCustomerData({ shopDomain, email: customer?.email ?? "" });
    const line = { shopDomain, dataRequestId: dataRequest?.id ?? null, ...toCustomerDataIds(data) };
    log.warn(line, "a customer asks for their data; send it to the shop's owner within 30 days");
    return acknowledge();
  });
}

export { respond as action, respond as loader };
