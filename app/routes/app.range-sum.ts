import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { answer, answerSafely, requireMethod, waitForRead } from "~/http/answer.server";
import { daySchema, parseQuery, withRange } from "~/http/input.server";
import { toRangeAnswer } from "~/http/run-answer.server";
import { readRange, readTotals } from "~/services/rollup/read.server";
import { ensureShop } from "~/services/shop.server";
import { requireMerchant } from "~/shopify.server";

const querySchema = withRange(
  z.strictObject({
    from: daySchema,
    to: daySchema,
    series: z.literal("1", { error: 'must be "1" or left out' }).optional(),
  }),
  "from",
  "to",
);

/** What Shopify itself adds to the address of an embedded page; no field of ours. */
const shopifyFields = ["embedded", "hmac", "host", "id_token", "locale", "session", "shop", "timestamp"];

/** GET: the merchant's totals over a range. The shop comes from the session token and from nowhere else. */
function respond({ request }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
  return answerSafely(async () => {
    requireMethod(request, "GET", "HEAD");
    return waitForRead(answerRange(request));
  });
}

async function answerRange(request: Request): Promise<Response> {
  const merchant = await requireMerchant(request);
  const { range, series } = parseQuery(dropFields(request, shopifyFields), querySchema);
  const shopId = await ensureShop(merchant);
  const read = series ? await readRange(shopId, range) : await readTotals(shopId, range);
  return answer({
    shopId,
    ...toRangeAnswer(range),
    totals: read.totals,
    ...("series" in read && { series: read.series }),
    freshness: read.freshness,
  });
}

export { respond as action, respond as loader };

function dropFields(request: Request, fields: string[]): Request {
  const url = new URL(request.url);
  for (const field of fields) url.searchParams.delete(field);
  return new Request(url, { headers: request.headers });
}
