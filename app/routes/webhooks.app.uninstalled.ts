import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { answerSafely, requireMethod } from "~/http/answer.server";
import { acknowledge, requireWebhook } from "~/http/webhook.server";
import { log } from "~/log.server";
import { markUninstalled } from "~/services/shop.server";

/** POST by Shopify: the shop has removed the app. */
function respond({ request }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
  return answerSafely(async () => {
    requireMethod(request, "POST");
    const { shopDomain, triggeredAt } = await requireWebhook(request, "app/uninstalled");
    const isNews = await markUninstalled(shopDomain, triggeredAt ?? new Date());
    log.info({ shopDomain, isNews }, "a shop has removed the app");
    return acknowledge();
  });
}

export { respond as action, respond as loader };
