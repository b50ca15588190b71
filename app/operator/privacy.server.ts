import { z } from "zod";
import { closeRequest, readRequestData, requireRequest, toPrivacyAnswer } from "~/http/privacy-answer.server";
import { shopDomainSchema } from "~/http/shop-domain.server";
import { log } from "~/log.server";
import { listRequests, readOpenRequests } from "~/services/privacy.server";
import { refuse } from "~/services/rollup/http/answer.server";
import { parse } from "~/services/rollup/http/input.server";
import { operatorPath } from "./paths";
import type { Data } from "./problem";

const maxClosed = 100;

const querySchema = z.object({ shop: shopDomainSchema.optional() });

/** The register of privacy requests: those that are open, and the latest that are not. */
export async function readRegister(query: URLSearchParams) {
  const { shop } = parse({ shop: query.get("shop")?.trim() || undefined }, querySchema);
  const shopDomain = shop ?? undefined;
  const [totals, open, closed] = await Promise.all([
    readOpenRequests(),
    listRequests({ shopDomain, isOpen: true }),
    listRequests({ shopDomain, isClosed: true }, maxClosed + 1),
  ]);
  return {
    totals,
    open: open.map(toEntry),
    closed: closed.slice(0, maxClosed).map(toEntry),
    hasMore: closed.length > maxClosed,
  };
}

export type Register = Data<typeof readRegister>;

function toEntry(request: Parameters<typeof toPrivacyAnswer>[0]) {
  const { rowCounts, ...shown } = toPrivacyAnswer(request);
  return { ...shown, rowCounts: rowCounts as Record<string, number> };
}

/** One request of the register, without the data that it may ask for. */
export async function readRegistered(requestId: string) {
  return toEntry(await requireRequest(requestId));
}

export type Registered = Data<typeof readRegistered>;

/**
 * The data that an open data request asks for, as a file. It is read when an operator asks for it and at no other time, and the
 * log says that it was.
 */
export async function readDataFile(requestId: string): Promise<Response> {
  const request = await requireRequest(requestId);
  const data = await readRequestData(request);
  if (data === undefined) {
    throw refuse(409, "no_data", "Only a data request that is open has data: a closed one leads to nobody any more.");
  }
  log.info({ privacyRequestId: request.id, shopDomain: request.shopDomain }, "an operator reads a customer's data");
  return new Response(`${JSON.stringify({ ...toPrivacyAnswer(request), data }, null, 2)}\n`, {
    headers: {
      "Content-Type": "application/json; charset=utf-8",
      "Content-Disposition": `attachment; filename="customer-data-${request.id.replaceAll(/[^\w-]/g, "")}.json"`,
      "Cache-Control": "no-store",
    },
  });
}

/** Closes a data request. Returns where the register shows it. */
export async function closeRegistered(requestId: string): Promise<string> {
  const { id, shopDomain } = await closeRequest(requestId);
  log.info({ privacyRequestId: id, shopDomain }, "an operator has closed a data request");
  return `${operatorPath}/privacy/${encodeURIComponent(id)}`;
}
