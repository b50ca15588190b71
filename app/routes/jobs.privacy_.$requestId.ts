import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { requireAdminToken } from "~/http/admin-token.server";
import { answerSafely } from "~/http/answer.server";
import { toPrivacyAnswer } from "~/http/privacy-answer.server";
import { readCustomerData } from "~/services/customer.server";
import { closeDataRequest, getRequest } from "~/services/privacy.server";
import { answer, refuse, requireMethod } from "~/services/rollup/http/answer.server";
import { parse, parseBody } from "~/services/rollup/http/input.server";
import { idSchema } from "~/services/rollup/http/schemas.server";

const paramsSchema = z.object({ requestId: idSchema });
const bodySchema = z.strictObject({ handled: z.literal(true, { error: "must be true" }) });

/** GET: one request of the register, with the data that an open data request asks for. POST: closes a data request. */
function respond({ request, params }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
  return answerSafely(async () => {
    requireMethod(request, "GET", "HEAD", "POST");
    requireAdminToken(request);
    const { requestId } = parse(params, paramsSchema);
    if (request.method === "POST") {
      await parseBody(request, bodySchema);
      return close(requestId);
    }
    const found = await requireRequest(requestId);
    const isOpen = found.topic === "customers/data_request" && found.outcome === "pending";
    const data = isOpen ? await readCustomerData(found.shopDomain, found.requestIds) : undefined;
    return answer({ ...toPrivacyAnswer(found), data });
  });
}

/** Twice is as good as once. */
async function close(requestId: string): Promise<Response> {
  await closeDataRequest(requestId);
  const request = await requireRequest(requestId);
  if (request.outcome === "pending") {
    throw refuse(409, "not_closable", `The erasure of ${request.shopDomain} closes itself when it is done.`, {
      issues: [{ field: "requestId", value: requestId, message: "must be the id of a data request" }],
    });
  }
  return answer(toPrivacyAnswer(request));
}

async function requireRequest(requestId: string) {
  const found = await getRequest(requestId);
  if (found) return found;
  throw refuse(404, "unknown_request", `There is no privacy request ${JSON.stringify(requestId)}.`, {
    issues: [{ field: "requestId", value: requestId, message: "must be the id of a privacy request" }],
  });
}

export { respond as action, respond as loader };
