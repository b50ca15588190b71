import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { answer, answerSafely, requireMethod } from "~/http/answer.server";
import { requireBearer } from "~/http/bearer.server";
import { countSchema, parseQuery } from "~/http/input.server";
import { makeJobLine } from "~/http/job-line.server";
import { toRunAnswer, toRunStatusCode } from "~/http/run-answer.server";
import { toDay } from "~/services/rollup/day";
import { runVerify } from "~/services/rollup/verify.server";

const maxSample = 10_000;

/** One at a time in a process: it has batches at once of its own, and readers want connections too. */
const takeTurn = makeJobLine();

const querySchema = z.strictObject({ sample: countSchema(1, maxSample).optional() });

/** POST or GET, for schedulers that can only GET: compares daily rows with live counts, repairs, and alerts past the thresholds. */
function respond({ request }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
  return answerSafely(async () => {
    requireMethod(request, "POST", "GET");
    requireBearer(request, "CRON_SECRET");
    const { sample } = parseQuery(request, querySchema);
    const result = await takeTurn(() => runVerify({ trigger: "cron", today: toDay(new Date()), sample }));
    if (!result) throw new Error("A verification without a slot was taken for another's.");
    return answer(toRunAnswer(result), toRunStatusCode(result.status));
  });
}

export { respond as action, respond as loader };
