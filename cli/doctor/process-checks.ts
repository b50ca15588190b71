import { readFileSync } from "node:fs";
import { type Finding, ok, problem, warning } from "../../app/services/rollup/doctor/finding";

type Environment = Record<string, string | undefined>;

/** The oldest Node that package.json allows. */
export function checkNode(version: string, engines: string): Finding {
  const toNumbers = (text: string) => (/(\d+)\.(\d+)/.exec(text) ?? []).slice(1).map(Number);
  const [major = 0, minor = 0] = toNumbers(version);
  const [leastMajor = 0, leastMinor = 0] = toNumbers(engines);
  const isEnough = major > leastMajor || (major === leastMajor && minor >= leastMinor);
  if (isEnough) return ok("node", version);
  return problem("node", `${version}; it must be ${engines}. Install a newer Node.`);
}

/** Secrets without which routes are closed. That they are long enough is the settings' check. */
export function checkSecrets(env: Environment): Finding[] {
  const closed = { CRON_SECRET: "/jobs/rollup and /jobs/verify", ADMIN_TOKEN: "all that operators call" };
  return Object.entries(closed).map(([name, routes]) => {
    if (!env[name]) {
      return warning(
        name,
        `not set in this environment; an app without it keeps ${routes} closed (503). "openssl rand -hex 24" makes one.`,
      );
    }
    if (!env[`${name}_PREVIOUS`]) return ok(name, "set");
    return ok(name, `set; ${name}_PREVIOUS lets in, too, until you take it away`);
  });
}

/** Shopify's settings: all of them or none is the settings' check. */
export function checkShopify(env: Environment, toml = readToml()): Finding[] {
  const url = env.SHOPIFY_APP_URL;
  if (!url)
    return [
      warning(
        "shopify",
        "SHOPIFY_API_KEY, SHOPIFY_API_SECRET and SHOPIFY_APP_URL are not set here: merchants' pages answer 503.",
      ),
    ];
  const findings = [ok("shopify", `key, secret and address are set; scopes: ${env.SCOPES || "none"}`)];
  if (url.startsWith("http://"))
    findings.push(
      warning("shopify address", "SHOPIFY_APP_URL is http://: a merchant's admin frames nothing but https."),
    );
  const configured = toml && /^application_url\s*=\s*"([^"]*)"/m.exec(toml)?.[1];
  if (configured && toOrigin(configured) !== toOrigin(url)) {
    const text = `shopify.app.toml has application_url = "${configured}", and SHOPIFY_APP_URL is another. "shopify app deploy" sends Shopify the file's.`;
    findings.push(warning("shopify.app.toml", text));
  }
  return findings;
}

function toOrigin(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}

function readToml(): string | null {
  try {
    return readFileSync(new URL("../../shopify.app.toml", import.meta.url), "utf8");
  } catch {
    return null;
  }
}
