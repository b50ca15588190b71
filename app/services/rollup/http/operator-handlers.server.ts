import { z } from "zod";
import { countDays } from "../day";
import { kindSchema, statusSchema } from "../jobs/ledger.server";
import { answer, requireMethod } from "./answer.server";
import { requireBearer } from "./bearer.server";
import type { HandlerContext } from "./handlers.server";
import { parse, parseBody, parseQuery } from "./input.server";
import { makeJobLimiter } from "./job-limiter.server";
import { toLedgerAnswer, toLedgerEntry } from "./ledger-answer.server";
import { toRangeAnswer } from "./run-answer.server";
import { countSchema, daySchema, idSchema, withRange } from "./schemas.server";
import { toStatusAnswer } from "./status-answer.server";
import { refuseRun, refuseShop } from "./sweep-refusals.server";

const defaultRuns = 50;
const maxRuns = 500;

function oneOf<const Name extends string>(names: readonly Name[]) {
  return z.enum(names, { error: `must be one of ${names.join(", ")}` });
}

const runsQuerySchema = z.strictObject({
  kind: oneOf(kindSchema.options).optional(),
  status: oneOf(statusSchema.options).optional(),
  shopId: idSchema.optional(),
  before: idSchema.optional(),
  limit: countSchema(1, maxRuns).default(defaultRuns),
});

/** A mark for each shop and day: of more days of all shops a rebuild costs less, and shows how far it is. */
const maxMarkedDaysOfAll = 31;

const paramsSchema = z.object({ runId: idSchema });

const markBodySchema = withRange(
  z.strictObject({ shopId: idSchema.optional(), fromDate: daySchema, toDate: daySchema }),
  "fromDate",
  "toDate",
).superRefine(({ shopId, range, fromDate, toDate }, context) => {
  if (shopId !== undefined || countDays(range) <= maxMarkedDaysOfAll) return;
  const message = `must be at most ${maxMarkedDaysOfAll} days from fromDate (${fromDate}) without a shopId; a rebuild is for more`;
  context.addIssue({ code: "custom", path: ["toDate"], message, input: toDate });
});

/** What an operator asks for beside rebuilds and seals: how things are, what has run, and days to be counted anew. */
export function makeOperatorHandlers({ rollup, adminToken, answerSafely }: HandlerContext) {
  const limitMarks = makeJobLimiter(rollup);

  function admit(request: Request, ...methods: string[]): void {
    requireMethod(request, ...methods);
    requireBearer(request, "ADMIN_TOKEN", adminToken);
  }

  return {
    /** GET: health with ids and reasons, the definition, and all shops together. 200 also where something is wrong. */
    status(request: Request): Promise<Response> {
      return answerSafely(async () => {
        admit(request, "GET", "HEAD");
        return answer(toStatusAnswer(await rollup.readStatus()));
      });
    },

    /** GET: the ledger, the latest run first. `before`, the id of a run, asks for the page after it. */
    runs(request: Request): Promise<Response> {
      return answerSafely(async () => {
        admit(request, "GET", "HEAD");
        const { limit, ...filter } = parseQuery(request, runsQuerySchema);
        if (filter.before !== undefined && !(await rollup.getRun(filter.before))) {
          throw refuseRun("run", filter.before, "before");
        }
        const runs = await rollup.listRuns(limit + 1, filter);
        const page = runs.slice(0, limit);
        const next = runs.length > limit ? (page.at(-1)?.id ?? null) : null;
        return answer({ runs: page.map(toLedgerEntry), next });
      });
    },

    /** GET: one run with all that the ledger keeps of it, such as each day that a verification found wrong. */
    ledgerRun(request: Request, givenId: string | undefined): Promise<Response> {
      return answerSafely(async () => {
        admit(request, "GET", "HEAD");
        const { runId } = parse({ runId: givenId }, paramsSchema);
        const run = await rollup.getRun(runId);
        if (!run) throw refuseRun("run", runId);
        return answer(toLedgerAnswer(run));
      });
    },

    /** POST: marks each open day of the range, so that reads count it live and the next runs recount it. */
    mark(request: Request): Promise<Response> {
      return answerSafely(async () => {
        admit(request, "POST");
        const { shopId, range } = await parseBody(request, markBodySchema);
        if (shopId !== undefined && !(await rollup.isShop(shopId))) throw refuseShop(shopId);
        const markedDays = await limitMarks(() => rollup.markRange(range, shopId));
        const { from: fromDate, to: toDate } = toRangeAnswer(range);
        return answer({ shopId: shopId ?? null, fromDate, toDate, markedDays });
      });
    },
  };
}
