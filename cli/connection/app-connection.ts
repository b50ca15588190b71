import { CliError } from "../cli-error";
import { exitCodes } from "../exit-codes";
import type { CommonOptions } from "../options";
import { toAppOrigin } from "./app-url";
import type { Connection } from "./connection";

type Environment = Record<string, string | undefined>;

/** Runs and verifications answer at their end. Node's fetch waits for no answer longer than five minutes. */
const jobLimitMs = 290_000;
const callLimitMs = 30_000;
const jobPaths = ["/jobs/rollup", "/jobs/verify"];
/** Tells more to who has the secret of these. */
const healthPath = "/healthz";

/** Statuses of a proxy, or of an app that starts: to ask again may help. */
const passingStatuses = [502, 503, 504];

/**
 * The app of APP_URL, by the routes that schedulers and operators call.
 *
 * @throws CliError where APP_URL is no address that secrets may be sent to.
 */
export function connectToApp(
  env: Environment,
  { allowHttp = undefined }: Pick<CommonOptions, "allowHttp">,
): Connection {
  const origin = toAppOrigin(env.APP_URL ?? "", { isHttpAllowed: allowHttp === true });
  return {
    introduction: `Asks the app at ${origin}.`,
    isLocal: false,
    send: (request) => send(request, origin, env),
    continueSweep: () => undefined,
    stop: () => undefined,
    close: async () => undefined,
  };
}

async function send(request: Request, origin: string, env: Environment): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const isJob = jobPaths.includes(pathname);
  const secretName = isJob || pathname === healthPath ? "CRON_SECRET" : "ADMIN_TOKEN";
  const headers = new Headers(request.headers);
  headers.set("Authorization", `Bearer ${requireSecret(env, secretName, pathname)}`);
  const limitMs = isJob ? jobLimitMs : callLimitMs;
  const init: RequestInit = {
    method: request.method,
    headers,
    // The answer to another address would be another one's, and the secret with it.
    redirect: "manual",
    signal: AbortSignal.timeout(limitMs),
    ...(request.body && { body: await request.text() }),
  };
  const response = await fetch(`${origin}${pathname}${search}`, init).catch((error: unknown) => {
    throw toNetworkError(error, { origin, pathname, limitMs });
  });
  if (response.status === 401) throw unauthorized(secretName, origin);
  return requireJson(response, origin);
}

function requireSecret(env: Environment, name: string, path: string): string {
  const secret = env[name];
  if (secret) return secret;
  throw new CliError(`${name} is not set: the app's ${path} is opened by it. Set it to the app's, or use --local.`, {
    code: "not_configured",
    exitCode: exitCodes.unreachable,
  });
}

function unauthorized(name: string, origin: string): CliError {
  const message = `The app at ${origin} does not take this ${name}. Set it to the one that the app runs with.`;
  return new CliError(message, { code: "unauthorized", exitCode: exitCodes.unreachable });
}

type Call = { origin: string; pathname: string; limitMs: number };

/** By the codes of Node's sockets and of TLS. */
function toNetworkError(error: unknown, { origin, pathname, limitMs }: Call): CliError {
  const code = findCode(error);
  const isLate = error instanceof Error && error.name === "TimeoutError";
  const reason = isLate ? `It gave no answer in ${limitMs / 1_000} s.` : toReason(code, error);
  const more = jobPaths.includes(pathname)
    ? " If the call arrived, the app goes on with it: npm run rollup -- runs shows its end."
    : "";
  return new CliError(`The app at ${origin} could not be asked. ${reason}${more}`, {
    code: "unreachable",
    exitCode: exitCodes.unreachable,
    isPassing: !isTlsCode(code),
  });
}

function toReason(code: string, error: unknown): string {
  if (code === "ECONNREFUSED") return "Nothing listens there (ECONNREFUSED): start it, or correct APP_URL.";
  if (code === "ENOTFOUND") return "There is no such host (ENOTFOUND): correct APP_URL.";
  if (isTlsCode(code)) {
    return `Its certificate is not to be trusted (${code}): correct it, or name its authority in NODE_EXTRA_CA_CERTS.`;
  }
  return `${toRootMessage(error)}${code ? ` (${code})` : ""}.`;
}

/** Of fetch's own error only its cause says something. */
function toRootMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : toRootMessage(error.cause);
}

/** Node has no list of its own: these are the beginnings of OpenSSL's and of its own names. */
function isTlsCode(code: string): boolean {
  return /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/.test(code);
}

function findCode(error: unknown): string {
  const { code, cause, errors } = (error ?? {}) as { code?: unknown; cause?: unknown; errors?: unknown[] };
  if (typeof code === "string") return code;
  const inner = cause ?? errors?.[0];
  return inner === undefined ? "" : findCode(inner);
}

/** @throws CliError where something else than the app answered: a proxy, a login, another program. */
function requireJson(response: Response, origin: string): Response {
  const type = response.headers.get("Content-Type") ?? "no content type";
  if (type.startsWith("application/json")) return response;
  const { status } = response;
  const location = response.headers.get("Location");
  const where = location && URL.canParse(location, origin) ? ` to ${new URL(location, origin).origin}` : "";
  const what =
    status >= 300 && status < 400
      ? `a redirect${where} (${status}). Redirects are not followed: set APP_URL to the app's own address`
      : `${status} and ${type}, which is not the app's JSON. A proxy, or another program, is there`;
  throw new CliError(`${origin} answered with ${what}.`, {
    code: "not_the_app",
    exitCode: exitCodes.unreachable,
    isPassing: passingStatuses.includes(status),
  });
}
