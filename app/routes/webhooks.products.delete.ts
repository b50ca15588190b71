import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { deletedProductSchema } from "~/http/product-webhook.server";
import { acknowledge, answerWebhook, requireWebhook } from "~/http/webhook.server";
import { markProductDeleted } from "~/services/product.server";
import { requireMethod } from "~/services/rollup/http/answer.server";
import { parse } from "~/services/rollup/http/input.server";

/** POST by Shopify: a product is deleted. It can't come back, so the order of events and their number mean nothing. */
function respond({ request }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
  return answerWebhook("products/delete", async () => {
    requireMethod(request, "POST");
    const { shopDomain, payload } = await requireWebhook(request, "products/delete");
    await markProductDeleted(shopDomain, parse(payload, deletedProductSchema));
    return acknowledge();
  });
}

export { respond as action, respond as loader };
