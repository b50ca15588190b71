import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { acknowledge, answerWebhook, requireWebhook } from "~/http/webhook.server";
import { receiveShopRedact } from "~/services/privacy.server";
import { eraseRegistered } from "~/services/privacy-worker.server";
import { requireMethod } from "~/services/rollup/http/answer.server";
import { handleOnce } from "~/services/webhook.server";

/**
 * POST by Shopify, 48 hours after a shop has removed the app: all of its data must go. The request is in the register
 * when this is answered, and the data of all but large shops is gone.
 */
function respond({ request }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
  return answerWebhook("shop/redact", async () => {
    requireMethod(request, "POST");
    const webhook = await requireWebhook(request, "shop/redact");
    const entry = await handleOnce(webhook, (tx) => receiveShopRedact(tx, webhook));
    if (entry) await eraseRegistered(entry.id);
    return acknowledge();
  });
}

export { respond as action, respond as loader };
