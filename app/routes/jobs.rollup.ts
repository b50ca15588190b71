import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { answer, answerSafely, requireMethod } from "~/http/answer.server";
import { requireBearer } from "~/http/bearer.server";
import { countSchema, parseQuery } from "~/http/input.server";
import { makeJobLine } from "~/http/job-line.server";
import { toRangeAnswer, toRunAnswer, toRunStatusCode } from "~/http/run-answer.server";
import { toDay } from "~/services/rollup/day";
import { runRollup } from "~/services/rollup/run.server";

const maxLookbackDays = 31;

/** One at a time in a process: it has batches at once of its own, and readers want connections too. */
const takeTurn = makeJobLine();

const querySchema = z.strictObject({ window: countSchema(1, maxLookbackDays).optional() });

/** POST or GET, for schedulers that can only GET: drains the change log and heals the window. */
function respond({ request }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
  return answerSafely(async () => {
    requireMethod(request, "POST", "GET");
    requireBearer(request, "CRON_SECRET");
    const { window: lookbackDays } = parseQuery(request, querySchema);
    const result = await takeTurn(() => runRollup({ trigger: "cron", today: toDay(new Date()), lookbackDays }));
    if (!result) throw new Error("A run without a slot was taken for another's.");
    const { window, ...run } = result;
    return answer({ ...toRunAnswer(run), window: toRangeAnswer(window) }, toRunStatusCode(run.status));
  });
}

export { respond as action, respond as loader };
