import { json, type TypedResponse } from "@remix-run/node";
import { log } from "~/log.server";
import { type Day, type DayRange, toRange } from "~/services/rollup/day";
import { toErrorMessage } from "~/services/rollup/error.server";
import { ensureShop, type Merchant } from "~/services/shop.server";
import { requireMerchant } from "~/shopify.server";
import { waitForRead } from "./answer.server";
import { type RangeChoice, toRangeChoice } from "./range-choice.server";

/** What a page of numbers gets. `new`: the shop has never had any data. */
export type PageData<Numbers> = { choice: RangeChoice } & (
  | { state: "ready"; numbers: Numbers }
  | { state: "new" | "failed"; numbers: null }
);

type PageRead<Numbers> = (shopId: string, range: DayRange) => Promise<Numbers & { extras: { hasData: boolean } }>;

/**
 * The data of a page of numbers: of the shop in the session token and the range in the address. A read that fails is an
 * answer too (status 500), so that the page around the numbers stays.
 *
 * @throws Response where Shopify's own checks want one.
 */
export async function loadPage<Numbers>(
  request: Request,
  today: Day,
  read: PageRead<Numbers>,
): Promise<TypedResponse<PageData<Numbers>>> {
  const merchant = await waitForRead(requireMerchant(request));
  const choice = toRangeChoice(new URL(request.url).searchParams, today);
  try {
    const numbers = await waitForRead(readShop(merchant, toRange(choice.shown.from, choice.shown.to), read));
    if (!numbers.extras.hasData) return toAnswer({ choice, state: "new", numbers: null });
    return toAnswer({ choice, state: "ready", numbers });
  } catch (error) {
    log.error({ shop: merchant.domain, error: toErrorMessage(error) }, "a page's numbers could not be read");
    return toAnswer({ choice, state: "failed", numbers: null }, 500);
  }
}

async function readShop<Numbers>(merchant: Merchant, range: DayRange, read: PageRead<Numbers>) {
  return read(await ensureShop(merchant), range);
}

function toAnswer<Numbers>(data: PageData<Numbers>, status = 200): TypedResponse<PageData<Numbers>> {
  return json(data, { status, headers: { "Cache-Control": "no-store" } }) as unknown as TypedResponse<
    PageData<Numbers>
  >;
}
