import type { ClientConfig } from "pg";
import { describeParameterProblem, toTls } from "./url-parameters";

// One reading of a database URL, for the app and for the Prisma CLI.

const encoded = "percent-encoded: @ is %40, # is %23, / is %2F, ? is %3F, % is %25, a blank is %20";
const encode = `must have its user, password and all else ${encoded}`;
const form = `must be a URL, postgresql://user:password@host:port/database, with its user and password ${encoded}`;

/**
 * What is wrong with a database URL, to come after the name of its variable, or null. No part of the URL is repeated:
 * where a password has an unescaped character in it, its rest looks like a host, a path or a parameter.
 */
export function describeUrlProblem(text: string): string | null {
  const rest = /^postgres(?:ql)?:\/\/(.*)$/is.exec(text)?.[1];
  if (rest === undefined) return "must be a URL that starts with postgresql:// or postgres://";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (/[\s\u0000-\u001f\u007f#]/.test(rest)) return encode;
  const [, authority = "", path = "", search = ""] = /^([^/?]*)([^?]*)(.*)$/.exec(rest) ?? [];
  const userEnds = authority.split("@").length - 1;
  if (userEnds > 1 || `${path}${search}`.includes("@") || !isDecodable(rest)) return encode;
  const url = parseUrl(text);
  if (!url) return form;
  if (url.hostname.includes(",")) return "must name one host alone";
  return describeParameterProblem(url.searchParams);
}

/** What the driver is told of a server, and the schema that the URL names, as Prisma's own URLs do. */
export type ServerAddress = { config: ClientConfig; schema: string | undefined };

/** Takes a URL in which `describeUrlProblem` finds nothing wrong. */
export function toServerAddress(text: string): ServerAddress {
  const url = parseUrl(text);
  if (!url) throw new Error("The database's URL is none.");
  const parameter = (name: string) => url.searchParams.get(name) || undefined;
  const number = (name: string) => (parameter(name) ? Number(parameter(name)) : undefined);
  const decoded = (part: string) => (part ? decodeURIComponent(part) : undefined);
  const config = {
    host: parameter("host") ?? decoded(url.hostname.replace(/^\[(.*)\]$/, "$1")),
    port: number("port") ?? (url.port ? Number(url.port) : undefined),
    user: parameter("user") ?? decoded(url.username),
    password: parameter("password") ?? decoded(url.password),
    database: decoded(url.pathname.slice(1)),
    options: parameter("options"),
    ssl: toTls(url.searchParams),
    sslnegotiation: parameter("sslnegotiation"),
    enableChannelBinding: ["prefer", "require"].includes(parameter("channel_binding") ?? ""),
    application_name: parameter("application_name"),
    fallback_application_name: parameter("fallback_application_name"),
    statement_timeout: number("statement_timeout"),
    lock_timeout: number("lock_timeout"),
  };
  return { config: config as ClientConfig, schema: parameter("schema") };
}

/** A URL without a host, as of a socket, is one that WHATWG's rules know only without a user. */
function parseUrl(text: string): URL | null {
  const full = text.replace(/^([a-z]+:\/\/[^/?]*@)(?=[/?]|$)/i, "$1localhost");
  return URL.canParse(full) ? new URL(full) : null;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
