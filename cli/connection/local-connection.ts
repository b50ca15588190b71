import { randomBytes } from "node:crypto";
import { toErrorMessage } from "../../app/services/rollup/error.server";
import { CliError } from "../cli-error";
import { exitCodes } from "../exit-codes";
import type { Connection } from "./connection";
import { keepLogOffStdout, loadApp, toDatabaseName } from "./local-app";
import { makeRouter } from "./local-routes";

/**
 * The rollup in this process, on the database of DATABASE_URL, or the embedded one: the same handlers as the app's
 * routes, called without a network. Their secrets are made up for this process.
 *
 * @throws CliError where the settings are wrong, or the database is away, lacks a migration, or is held by another process.
 */
export async function connectToDatabase(): Promise<Connection> {
  keepLogOffStdout();
  const { rollup, closeDatabase, requireDatabase, makeHandlers, makeAnswerSafely, continueSweep } = await loadApp();
  try {
    await requireDatabase();
    // Answers although the database is away: a server serves without it, a command can't.
    await rollup.compareDefinition();
  } catch (error) {
    await closeDatabase().catch(() => undefined);
    throw toOpeningError(error);
  }
  const [cronSecret, adminToken] = [makeSecret(), makeSecret()];
  const told: string[] = [];
  const answerSafely = makeAnswerSafely(rollup, {
    explain(error) {
      told.push(toErrorMessage(error));
      return null;
    },
  });
  const options = { cronSecret, adminToken, trigger: "operator", answerSafely } as const;
  const route = makeRouter(makeHandlers(rollup, options), { cronSecret, adminToken });
  return {
    introduction: `Works in this process, on ${toDatabaseName(process.env)}.`,
    isLocal: true,
    send: async (request) => withReason(await route(request), told),
    continueSweep: (runId) => continueSweep(rollup.engine, runId),
    stop: () => rollup.stop(),
    async close() {
      await rollup.settle();
      await closeDatabase();
    },
  };
}

function makeSecret(): string {
  return randomBytes(24).toString("base64url");
}

/** An app's caller is not told what the inside looks like; whoever holds the database's password may know. */
async function withReason(response: Response, told: string[]): Promise<Response> {
  const [reason] = told.splice(0);
  if (response.status < 500 || reason === undefined) return response;
  const body = (await response.json()) as { error?: { message: string } };
  if (typeof body.error?.message === "string") body.error.message = `${body.error.message} The reason: ${reason}`;
  return new Response(JSON.stringify(body), { status: response.status, headers: response.headers });
}

function toOpeningError(error: unknown): CliError {
  // Prisma's words around the driver's, and what is said to who starts a server.
  const message = toErrorMessage(error)
    .replace(/^Raw query failed\. Code: .*? Message: `(.*)`$/, "The database could not be asked. $1.")
    .replace(/,? [Tt]hen start again\.$/, ".")
    .replace(/\.+$/, ".");
  const isHeld = /is in use by/.test(message);
  return new CliError(isHeld ? `${message} A running app does the work itself: set APP_URL to its address.` : message, {
    code: isHeld ? "database_in_use" : "database_unavailable",
    exitCode: exitCodes.unreachable,
  });
}
