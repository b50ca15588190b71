import { getDatabaseError, toErrorMessage } from "~/services/rollup/error.server";
import { WrongSession } from "./session-check.server";

/**
 * Classes of SQLSTATE that pass by themselves: connection lost, rolled back by a conflict, out of resources, not in the
 * right state, stopped or starting, and the server's own faults.
 */
const passingClasses = ["08", "40", "53", "55", "57", "58", "XX"];

/** A pooler gives one code to all that it says, so its words tell what no waiting mends. */
const poolerCode = "08P01";
const poolerRefusal = /unsupported startup parameter|authentication failed|no such (?:user|database)|does not exist/i;

const advice: Record<string, string> = {
  "28P01": "Correct the user or the password.",
  "28000": "Correct the user, or let it in where the server decides who may (pg_hba.conf).",
  "3D000": "Create the database, or correct its name.",
  "42501": "Grant the role what it lacks.",
};

/**
 * Why a database that answered will not serve this app until somebody changes something, as sentences, or null for an
 * error that may pass by itself, such as a server that is away or starting.
 */
export function describeRefusal(error: unknown): string | null {
  if (error instanceof WrongSession) return error.message;
  const cause = getDatabaseError(error);
  const message = toErrorMessage(error).replace(/\.$/, "");
  if (cause?.kind === "TlsConnectionError") {
    return `No encrypted connection could be made: ${message}. Correct sslmode or sslrootcert, or the server's certificate.`;
  }
  const code = cause?.originalCode;
  if (typeof code !== "string") return null;
  if (code === poolerCode && poolerRefusal.test(message)) return `It says: ${message}. ${toPoolerAdvice(message)}`;
  if (passingClasses.includes(code.slice(0, 2))) return null;
  return `It says: ${message} (${code}). ${advice[code] ?? "Correct the URL, or the server."}`;
}

function toPoolerAdvice(message: string): string {
  return /startup parameter: options/.test(message)
    ? "Let the pooler take it (PgBouncer: ignore_startup_parameters = options)."
    : "Correct the URL, or what the pooler knows.";
}
