import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { requireAdminToken } from "~/http/admin-token.server";
import { answerSafely } from "~/http/answer.server";
import { closeRequest, readRequestData, requireRequest, toPrivacyAnswer } from "~/http/privacy-answer.server";
import { answer, requireMethod } from "~/services/rollup/http/answer.server";
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
      return answer(toPrivacyAnswer(await closeRequest(requestId)));
    }
    const found = await requireRequest(requestId);
    return answer({ ...toPrivacyAnswer(found), data: await readRequestData(found) });
  });
}

export { respond as action, respond as loader };
