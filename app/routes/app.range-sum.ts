import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { handlers } from "~/http/handlers.server";
import { ensureShop } from "~/services/shop.server";
import { requireMerchant } from "~/shopify.server";

/** GET: the merchant's totals over a range. The shop comes from the session token and from nowhere else. */
function respond({ request }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
  return handlers.rangeSum(request, async () => {
    const merchant = await requireMerchant(request);
    // Not before the input is known to be right: it may write.
    return () => ensureShop(merchant);
  });
}

export { respond as action, respond as loader };
