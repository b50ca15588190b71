import { type Finding, ok, problem, warning } from "../../app/services/rollup/doctor/finding";
import { CliError } from "../cli-error";
import { makeClient } from "../client";
import { isOk, type StatusAnswer } from "../commands/status";
import { connectToApp } from "../connection/app-connection";

type Environment = Record<string, string | undefined>;

/** Whether the app of APP_URL answers, takes both secrets, and says that it is well. */
export async function checkApp(env: Environment, options: { allowHttp?: true }): Promise<Finding[]> {
  if (!env.APP_URL) return [];
  try {
    const client = makeClient(connectToApp(env, options));
    const status = await client.ask<StatusAnswer>("GET", "/jobs/status");
    const health = await client.ask<{ reasons?: object }>("GET", "/healthz");
    return [
      isOk(status)
        ? ok("app", "it answers, takes ADMIN_TOKEN, and is well")
        : warning("app", "it answers, takes ADMIN_TOKEN, and is not well: npm run rollup -- status says why"),
      health.reasons
        ? ok("app's CRON_SECRET", "it is this environment's")
        : problem(
            "app's CRON_SECRET",
            "the app does not take this environment's. Set it to the one that the app runs with.",
          ),
    ];
  } catch (error) {
    if (error instanceof CliError) return [problem("app", error.message)];
    throw error;
  }
}
