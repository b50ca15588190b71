import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { updatedProductSchema } from "~/http/product-webhook.server";
import { acknowledge, answerWebhook, requireWebhook } from "~/http/webhook.server";
import { updateProduct } from "~/services/product.server";
import { requireMethod } from "~/services/rollup/http/answer.server";
import { parse } from "~/services/rollup/http/input.server";

/**
 * POST by Shopify: a product has changed. These come by the thousand, so none is recorded as handled and none takes a
 * reserved connection: what an older one says is passed over, and the same twice is as good as once.
 */
function respond({ request }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
  return answerWebhook("products/update", async () => {
    requireMethod(request, "POST");
    const { shopDomain, triggeredAt, payload } = await requireWebhook(request, "products/update");
    const product = parse(payload, updatedProductSchema);
    await updateProduct(shopDomain, { ...product, changedAt: product.changedAt ?? triggeredAt ?? new Date() });
    return acknowledge();
  });
}

export { respond as action, respond as loader };
