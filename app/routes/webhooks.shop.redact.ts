import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { answerSafely, requireMethod } from "~/http/answer.server";
import { acknowledge, requireWebhook } from "~/http/webhook.server";
import { log } from "~/log.server";
import { eraseShop } from "~/services/shop.server";

/** POST by Shopify, 48 hours after a shop has removed the app: all of its data must go. */
function respond({ request }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
  return answerSafely(async () => {
    requireMethod(request, "POST");
    const { shopDomain } = await requireWebhook(request, "shop/redact");
    await eraseShop(shopDomain);
    log.info("a shop is erased");
    return acknowledge();
  });
}

export { respond as action, respond as loader };
