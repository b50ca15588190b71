import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";

/** Parameters of a database URL that are obeyed. */
const heededParameters = [
  "schema",
  "options",
  "sslmode",
  "sslrootcert",
  "sslcert",
  "sslkey",
  "sslnegotiation",
  "channel_binding",
  "host",
  "port",
  "user",
  "password",
  "application_name",
  "fallback_application_name",
  "statement_timeout",
  "lock_timeout",
];

/** Parameters that tune other drivers: hosts put them into the URLs that they give out, and to leave them out harms nothing. */
const ignoredParameters = [
  "connect_timeout",
  "gssencmode",
  "keepalives",
  "keepalives_count",
  "keepalives_idle",
  "keepalives_interval",
  "max_connection_lifetime",
  "max_idle_connection_lifetime",
  "pgbouncer",
  "pool_timeout",
  "socket_timeout",
  "statement_cache_size",
  "supa",
  "tcp_user_timeout",
  "uselibpqcompat",
];

/** Parameters that promise what would not be kept. */
const refusedParameters: Record<string, string> = {
  connection_limit: "set DATABASE_POOL_SIZE in its place",
  sslaccept: "set sslmode in its place",
  target_session_attrs: "name the primary alone",
};

const sslModes = ["disable", "require", "no-verify", "verify-ca", "verify-full"];
const sslFiles = ["sslrootcert", "sslcert", "sslkey"];

/** What is wrong with the parameters, to come after the variable's name, or null. No value is repeated. */
export function describeParameterProblem(parameters: URLSearchParams): string | null {
  const names = [...parameters.keys()];
  for (const [name, advice] of Object.entries(refusedParameters)) {
    if (names.includes(name)) return `can't have the parameter ${name}: ${advice}`;
  }
  const known = [...heededParameters, ...ignoredParameters];
  // An unknown name may be a misspelt one, or the end of a password; so it is not repeated.
  if (!names.every((name) => known.includes(name))) {
    return `has a parameter that this app does not know. It knows ${heededParameters.join(", ")}`;
  }
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated) return `has the parameter ${repeated} more than once`;
  for (const name of ["port", "statement_timeout", "lock_timeout"]) {
    if (!/^\d*$/.test(parameters.get(name) ?? "")) return `must have a whole number as ${name}`;
  }
  return describeSchemaProblem(parameters.get("schema") ?? "") ?? describeTlsProblem(parameters);
}

function describeSchemaProblem(schema: string): string | null {
  if (Buffer.byteLength(schema) > 63) return "must have a schema of 63 bytes or less: PostgreSQL cuts longer names off";
  // Prisma's schema engine puts the name between double quotes as it is.
  return /["\0]/.test(schema) ? "must have a schema without double quotes in its name" : null;
}

function describeTlsProblem(parameters: URLSearchParams): string | null {
  const mode = parameters.get("sslmode");
  if (mode !== null && !sslModes.includes(mode)) {
    // "prefer" and "allow" would fall back to no encryption, which this driver can't do.
    return `must have as sslmode one of ${sslModes.join(", ")}`;
  }
  if (mode === "verify-ca" && !parameters.has("sslrootcert")) return "must have sslrootcert with sslmode=verify-ca";
  if (!["postgres", "direct", null].includes(parameters.get("sslnegotiation"))) {
    return "must have as sslnegotiation one of postgres, direct";
  }
  if (parameters.get("sslnegotiation") === "direct" && !toTls(new URLSearchParams(mode ? { sslmode: mode } : {}))) {
    return "must have an sslmode that encrypts with sslnegotiation=direct";
  }
  try {
    toTls(parameters);
    return null;
  } catch (error) {
    return `names a certificate or key file that can't be read (${(error as NodeJS.ErrnoException).code})`;
  }
}

/**
 * How the connection is encrypted, by libpq's meaning of sslmode: `require` encrypts and trusts any certificate (with
 * `sslrootcert` it is `verify-ca`), `verify-ca` checks who signed it, `verify-full` also that it is the host's. Undefined
 * where the URL says nothing.
 *
 * @throws when a file that it names can't be read.
 */
export function toTls(parameters: URLSearchParams): boolean | ConnectionOptions | undefined {
  const namesFile = sslFiles.some((name) => parameters.get(name));
  const mode = parameters.get("sslmode") ?? (namesFile ? "verify-full" : undefined);
  if (mode === undefined) return undefined;
  if (mode === "disable") return false;
  const read = (name: string) => {
    const path = parameters.get(name);
    return path && path !== "system" ? readFileSync(path, "utf8") : undefined;
  };
  const files = { ca: read("sslrootcert"), cert: read("sslcert"), key: read("sslkey") };
  const options = Object.fromEntries(Object.entries(files).filter(([, text]) => text !== undefined));
  if (mode === "verify-full") return options;
  if (mode === "no-verify" || !files.ca) return { ...options, rejectUnauthorized: false };
  return { ...options, checkServerIdentity: () => undefined };
}
