import { z } from "zod";
import { toDay } from "../day";
import { answer, requireMethod } from "./answer.server";
import { requireBearer } from "./bearer.server";
import type { HandlerContext } from "./handlers.server";
import { parseQuery } from "./input.server";
import { makeJobLimiter } from "./job-limiter.server";
import { toRangeAnswer, toRunAnswer, toRunStatusCode } from "./run-answer.server";
import { countSchema } from "./schemas.server";

const maxLookbackDays = 31;
const maxSample = 10_000;

const runQuerySchema = z.strictObject({ window: countSchema(1, maxLookbackDays).optional() });
const verifyQuerySchema = z.strictObject({ sample: countSchema(1, maxSample).optional() });

/** Of each kind one at a time in a process: it has concurrent batches of its own, and readers want connections too. */
export function makeRunHandlers({ rollup, cronSecret, trigger, answerSafely }: HandlerContext) {
  const limitRuns = makeJobLimiter(rollup);
  const limitVerifications = makeJobLimiter(rollup);

  function admit(request: Request): void {
    requireMethod(request, "POST", "GET");
    requireBearer(request, "CRON_SECRET", cronSecret);
  }

  return {
    /** POST or GET, for schedulers that can only GET: drains the change log and heals the window. */
    runRollup(request: Request): Promise<Response> {
      return answerSafely(async () => {
        admit(request);
        const { window: lookbackDays } = parseQuery(request, runQuerySchema);
        const result = await limitRuns(() => rollup.run({ trigger, today: toDay(new Date()), lookbackDays }));
        if (!result) throw new Error("A run without a slot was taken for another's.");
        const { window, ...run } = result;
        return answer({ ...toRunAnswer(run), window: toRangeAnswer(window) }, toRunStatusCode(run.status));
      });
    },

    /** POST or GET: compares daily rows with live counts, repairs, and alerts past the thresholds. */
    runVerify(request: Request): Promise<Response> {
      return answerSafely(async () => {
        admit(request);
        const { sample } = parseQuery(request, verifyQuerySchema);
        const result = await limitVerifications(() => rollup.verify({ trigger, today: toDay(new Date()), sample }));
        if (!result) throw new Error("A verification without a slot was taken for another's.");
        return answer(toRunAnswer(result), toRunStatusCode(result.status));
      });
    },
  };
}
