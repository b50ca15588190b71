import { createHmac, randomUUID } from "node:crypto";

/** What a session token says, and how long it is good for. */
export type SessionTokenClaims = { domain: string; apiKey: string; apiSecret: string; lifetimeSeconds: number };

/**
 * Signs a session token (HS256) such as the Shopify admin hands to an embedded app. Shopify's own live one minute;
 * the library that checks them takes a longer life as well.
 */
export function signSessionToken({ domain, apiKey, apiSecret, lifetimeSeconds }: SessionTokenClaims): string {
  const issuedAt = Math.floor(Date.now() / 1_000);
  const head = encode({ alg: "HS256", typ: "JWT" });
  const body = encode({
    iss: `https://${domain}/admin`,
    dest: `https://${domain}`,
    aud: apiKey,
    sub: "1",
    exp: issuedAt + lifetimeSeconds,
    nbf: issuedAt,
    iat: issuedAt,
    jti: randomUUID(),
    sid: randomUUID(),
  });
  const signature = createHmac("sha256", apiSecret).update(`${head}.${body}`).digest("base64url");
  return `${head}.${body}.${signature}`;
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
