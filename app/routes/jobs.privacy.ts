import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { requireAdminToken } from "~/http/admin-token.server";
import { answerSafely } from "~/http/answer.server";
import { toPrivacyAnswer } from "~/http/privacy-answer.server";
import { shopDomainSchema } from "~/http/shop-domain.server";
import { listRequests, readOpenRequests } from "~/services/privacy.server";
import { answer, requireMethod } from "~/services/rollup/http/answer.server";
import { parseQuery } from "~/services/rollup/http/input.server";

const querySchema = z.strictObject({
  open: z.literal("1", { error: 'must be "1" or left out' }).optional(),
  shop: shopDomainSchema.optional(),
});

/** GET: the register of privacy requests, the latest first. `open=1` lists those that wait, `shop` those of one shop. */
function respond({ request }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
  return answerSafely(async () => {
    requireMethod(request, "GET", "HEAD");
    requireAdminToken(request);
    const { open, shop } = parseQuery(request, querySchema);
    const requests = await listRequests({ shopDomain: shop ?? undefined, isOpen: open === "1" });
    return answer({ ...(await readOpenRequests()), requests: requests.map(toPrivacyAnswer) });
  });
}

export { respond as action, respond as loader };
