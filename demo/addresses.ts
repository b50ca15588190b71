import { addDays } from "~/services/rollup/day";
import { toPeriod } from "./period";
import { signSessionToken } from "./session-token";
import { mainShop } from "./shops";
import { browserName, type Site } from "./site";
import { writeHeading, writeLine, writeText } from "./terminal";

const hourSeconds = 3_600;

/** Writes what to open and what to paste while the server stays up. */
export function writeAddresses(site: Site, now: Date): void {
  const { origin, cronSecret, adminToken } = site;
  const { from, to } = toPeriod(now);
  const token = signSessionToken({ ...site, domain: mainShop.domain, lifetimeSeconds: hourSeconds });
  const rebuild = JSON.stringify({ fromDate: from, toDate: to });

  writeHeading(`The server is up at ${origin}; Ctrl-C ends it.`);
  writeText("Open the app, in a stand-in for the Shopify admin, with a panel that writes to its tables:");
  writeText(`${origin}/admin`);
  writeText("", "Open the operator's page, and paste this admin token into its login:");
  writeText(`${origin}/operator`, adminToken);
  writeText("", "Is all well? Open this in a browser:");
  writeText(`${origin}/healthz`);
  writeText("", "Run, as a cron would:");
  writeText(`curl -X POST -H "Authorization: Bearer ${cronSecret}" ${origin}/jobs/rollup`);
  writeText("", "Rebuild every day of every shop, as an operator would:");
  writeText(
    `curl -X POST -H "Authorization: Bearer ${adminToken}" -H "Content-Type: application/json" -d '${rebuild}' ${origin}/jobs/rebuild`,
  );
  writeText(
    "",
    `Read the last 30 days as the merchant of ${mainShop.domain}. Shopify signs such a token`,
    "for one minute, this one is good for an hour; the route answers browsers only, hence -A:",
  );
  writeText(
    `curl -A "${browserName}" -H "Authorization: Bearer ${token}" "${origin}/app/range-sum?from=${addDays(to, -29)}&to=${to}"`,
  );
  writeLine();
}
