import { secrets } from "~/env.server";
import { register } from "~/metrics.server";
import { rollup } from "~/rollup.server";
import { makeHandlers } from "~/services/rollup/http/handlers.server";
import { answerSafely, readLimitMs } from "./answer.server";
import { adminParameters } from "./frame.server";

/** What the rollup's routes call. */
export const handlers = makeHandlers(rollup, {
  cronSecret: secrets.cron,
  adminToken: secrets.admin,
  readLimitMs,
  ignoredFields: adminParameters,
  answerSafely,
  metrics: register,
});
