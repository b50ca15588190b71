import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { acknowledge, answerWebhook, requireWebhook } from "~/http/webhook.server";
import { log } from "~/log.server";
import { requireMethod } from "~/services/rollup/http/answer.server";
import { markUninstalled } from "~/services/shop.server";
import { handleOnce } from "~/services/webhook.server";

/** POST by Shopify: the shop has removed the app. */
function respond({ request }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
  return answerWebhook("app/uninstalled", async () => {
    requireMethod(request, "POST");
    const webhook = await requireWebhook(request, "app/uninstalled");
    const { shopDomain, triggeredAt } = webhook;
    const isNews = await handleOnce(webhook, (tx) => markUninstalled(tx, shopDomain, triggeredAt ?? new Date()));
    if (isNews !== undefined) log.info({ shopDomain, isNews }, "a shop has removed the app");
    return acknowledge();
  });
}

export { respond as action, respond as loader };
