import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { isStorable } from "~/database/storable.server";
import { acknowledge, answerWebhook, requireWebhook } from "~/http/webhook.server";
import { requireMethod } from "~/services/rollup/http/answer.server";
import { parse } from "~/services/rollup/http/input.server";
import { updateGrantedScopes } from "~/services/shop.server";
import { handleOnce } from "~/services/webhook.server";

const scopeSchema = z
  .string({ error: "must be a scope" })
  .refine(isStorable, "must be without NUL and lone surrogates");

const payloadSchema = z.object({ current: z.array(scopeSchema, { error: "must be a list of scopes" }) });

/** POST by Shopify: the merchant has granted or withdrawn scopes. */
function respond({ request }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
  return answerWebhook("app/scopes_update", async () => {
    requireMethod(request, "POST");
    const webhook = await requireWebhook(request, "app/scopes_update");
    const { current } = parse(webhook.payload, payloadSchema);
    await handleOnce(webhook, (tx) => updateGrantedScopes(tx, webhook.shopDomain, current));
    return acknowledge();
  });
}

export { respond as action, respond as loader };
