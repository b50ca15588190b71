import { toErrorMessage } from "../../app/services/rollup/error.server";
import { CliError } from "../cli-error";
import { exitCodes } from "../exit-codes";

/** Before the app's modules are loaded: its log is silent unless LOG_LEVEL is set, and never among results. */
export function keepLogOffStdout(): void {
  process.env.LOG_LEVEL ||= "silent";
  process.env.LOG_TO = "stderr";
}

/**
 * The app's modules, which read the environment and make the database's client when they are loaded.
 *
 * @throws CliError that names each wrong setting.
 */
export async function loadApp() {
  try {
    const { rollup } = await import("../../app/rollup.server");
    const { closeDatabase } = await import("../../app/db.server");
    const { requireDatabase } = await import("../../app/require-database.server");
    const { makeHandlers } = await import("../../app/services/rollup/http/handlers.server");
    const { makeAnswerSafely } = await import("../../app/services/rollup/http/answer-safely.server");
    const { continueSweep } = await import("../../app/services/rollup/jobs/sweep-worker.server");
    return { rollup, closeDatabase, requireDatabase, makeHandlers, makeAnswerSafely, continueSweep };
  } catch (error) {
    const isSetting = error instanceof Error && error.message.startsWith("The environment is wrong");
    if (!isSetting) throw error;
    throw new CliError(toErrorMessage(error), { code: "wrong_settings", exitCode: exitCodes.usage });
  }
}

/** Which database it is, without user and password. Only of a URL in which nothing is wrong. */
export function toDatabaseName({ DATABASE_URL, EMBEDDED_DATA_DIR }: Record<string, string | undefined>): string {
  if (!DATABASE_URL) return `the embedded database in ${EMBEDDED_DATA_DIR || ".data/pglite"}`;
  const [, host = "", path = ""] = /^[a-z]+:\/\/(?:[^@/]*@)?([^/?]*)\/?([^?]*)/i.exec(DATABASE_URL) ?? [];
  return `the database ${decodeURIComponent(path) || "of the user's name"} at ${host || "its socket"}`;
}
