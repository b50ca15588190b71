import { optionError } from "../cli-error";

const loopback = ["localhost", "127.0.0.1", "[::1]"];

/**
 * The origin of APP_URL.
 *
 * @throws CliError where it is no address of an app, or one to which a secret would go in the clear.
 */
export function toAppOrigin(value: string, { isHttpAllowed }: { isHttpAllowed: boolean }): string {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (!url || !["https:", "http:"].includes(url.protocol)) throw wrong(value, "a URL that starts with https://");
  // Neither is repeated, nor a query: a password may be in it.
  if (url.username || url.password)
    throw wrong("…", "without a user and a password: CRON_SECRET and ADMIN_TOKEN let in");
  if (url.pathname !== "/" || url.search || url.hash) {
    throw wrong(`${url.origin}${url.pathname}${url.search || url.hash ? "…" : ""}`, "no more than a scheme and a host");
  }
  if (url.protocol === "http:" && !loopback.includes(url.hostname) && !isHttpAllowed) {
    throw wrong(
      value,
      "an https:// address, since secrets are sent there. On a network that is yours alone: --allow-http",
    );
  }
  return url.origin;
}

function wrong(value: string, allowed: string) {
  return optionError("APP_URL", value, allowed);
}
