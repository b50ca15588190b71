import { json, type TypedResponse } from "@remix-run/node";
import { log } from "~/log.server";
import { toRangeSearch } from "~/report/range";
import { rollup } from "~/rollup.server";
import type { Day } from "~/services/rollup/day";
import { toErrorMessage } from "~/services/rollup/error.server";
import { ensureShop, type Merchant } from "~/services/shop.server";
import { requireMerchant } from "~/shopify.server";
import { waitForRead } from "./answer.server";
import { type RangeChoice, toRangeChoice } from "./range-choice.server";
import { readRangeQuery, rememberRange } from "./range-memory.server";

/** What a page of numbers gets. `new`: the shop has never had any data. */
export type PageData<Numbers> = { choice: RangeChoice } & (
  | { state: "ready"; numbers: Numbers }
  | { state: "new" | "failed"; numbers: null }
);

type PageRead<Numbers> = (shopId: string, choice: RangeChoice) => Promise<Numbers & { extras: { hasData: boolean } }>;

/**
 * The data of a page of numbers: of the shop in the session token and the range in the address or, where it names none, the
 * one that was chosen last. A read that fails is an answer too (status 500), so that the page around the numbers stays.
 *
 * @throws Response where Shopify's own checks want one.
 */
export async function loadPage<Numbers>(
  request: Request,
  today: Day,
  read: PageRead<Numbers>,
): Promise<TypedResponse<PageData<Numbers>>> {
  const merchant = await waitForRead(requireMerchant(request));
  const { query, isFromAddress } = await readRangeQuery(request, today);
  const choice = toRangeChoice(query, today);
  const cookie = isFromAddress && choice.issues.length === 0 ? await rememberRange(toRangeSearch(choice)) : null;
  try {
    const data = await waitForRead(readShop(merchant, choice, { query, read }));
    return toAnswer(data, { cookie });
  } catch (error) {
    log.error({ shop: merchant.domain, error: toErrorMessage(error) }, "a page's numbers could not be read");
    return toAnswer({ choice, state: "failed", numbers: null }, { cookie, status: 500 });
  }
}

type ShopRead<Numbers> = { query: URLSearchParams; read: PageRead<Numbers> };

async function readShop<Numbers>(
  merchant: Merchant,
  asked: RangeChoice,
  { query, read }: ShopRead<Numbers>,
): Promise<PageData<Numbers>> {
  const shopId = await ensureShop(merchant);
  const isAll = asked.preset === "all";
  const choice = isAll ? toRangeChoice(query, asked.today, await rollup.readFirstDay(shopId)) : asked;
  const numbers = await read(shopId, choice);
  return numbers.extras.hasData ? { choice, state: "ready", numbers } : { choice, state: "new", numbers: null };
}

type AnswerParts = { cookie: string | null; status?: number };

function toAnswer<Numbers>(data: PageData<Numbers>, { cookie, status = 200 }: AnswerParts) {
  const headers = { "Cache-Control": "no-store", ...(cookie && { "Set-Cookie": cookie }) };
  return json(data, { status, headers }) as unknown as TypedResponse<PageData<Numbers>>;
}
