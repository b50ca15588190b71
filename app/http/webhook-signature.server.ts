import { shopifyApi, WebhookValidationErrorReason } from "@shopify/shopify-api";
import { requireSettings } from "~/shopify.server";

let webhooks: ReturnType<typeof createWebhooks> | undefined;

function createWebhooks() {
  const { appUrl, ...settings } = requireSettings();
  return shopifyApi({ ...settings, hostName: new URL(appUrl).host, isEmbeddedApp: true }).webhooks;
}

/**
 * Shopify's check of a webhook's signature and headers, and no more: the library's `authenticate.webhook` goes on to
 * load the shop's session and to refresh its token, which Shopify refuses once the shop has removed the app
 * (https://github.com/Shopify/shopify-app-js/issues/3360), and may take longer than Shopify waits for the answer.
 *
 * @throws Response 401 when the signature is wrong, 400 when it or another header is missing.
 */
export async function requireSignature(request: Request, rawBody: string): Promise<void> {
  webhooks ??= createWebhooks();
  const check = await webhooks.validate({ rawBody, rawRequest: request });
  if (check.valid) return;
  const isForged = check.reason === WebhookValidationErrorReason.InvalidHmac;
  throw new Response(null, { status: isForged ? 401 : 400 });
}
