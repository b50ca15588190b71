import { createHmac, randomUUID } from "node:crypto";
import { testEnv } from "../setup/settings";

type Forgery = {
  secret?: string;
  algorithm?: "HS256" | "none";
  audience?: string;
  /** When the token was made; it is good for the minute after. */
  issuedAt?: Date;
};

/** Runs one statement of plain SQL: Prisma's, pg's or PGlite's way of doing so. */
export type Execute = (sql: string, values: unknown[]) => Promise<unknown>;

/** A browser of a merchant. Shopify's library turns away what looks like a bot. */
export const browser =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36";

/** The session token that the Shopify admin would give to the app's page in this shop, or one that is wrong somewhere. */
export function signSessionToken(domain: string, forgery: Forgery = {}): string {
  const { secret = testEnv.SHOPIFY_API_SECRET, algorithm = "HS256", audience = testEnv.SHOPIFY_API_KEY } = forgery;
  const issuedAt = Math.floor((forgery.issuedAt ?? new Date()).getTime() / 1000);
  const header = { alg: algorithm, typ: "JWT" };
  const claims = {
    iss: `https://${domain}/admin`,
    dest: `https://${domain}`,
    aud: audience,
    sub: "1",
    exp: issuedAt + 60,
    nbf: issuedAt,
    iat: issuedAt,
    jti: randomUUID(),
    sid: randomUUID(),
  };
  const content = `${encode(header)}.${encode(claims)}`;
  const signature = algorithm === "none" ? "" : createHmac("sha256", secret).update(content).digest("base64url");
  return `${content}.${signature}`;
}

/** Stores what the app keeps of an installation, so that no token needs to be exchanged over the network. */
export async function storeOfflineSession(execute: Execute, domain: string): Promise<void> {
  await execute(
    `insert into "Session" (id, shop, state, "isOnline", scope, "accessToken") values ($1, $2, '', false, $3, 'token')`,
    [`offline_${domain}`, domain, testEnv.SCOPES],
  );
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
