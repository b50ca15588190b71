import { createHash, timingSafeEqual } from "node:crypto";
import { env } from "~/env.server";
import { refuse } from "./answer.server";

/**
 * Lets a request pass that carries `Authorization: Bearer <the secret>`. Compares in constant time.
 *
 * @throws Response 503 when the secret is not configured, 401 when the request's is missing or wrong.
 */
export function requireBearer(request: Request, name: "CRON_SECRET" | "ADMIN_TOKEN"): void {
  if (!env[name]) {
    throw refuse(503, "not_configured", `${name} is not set, so this route is closed. Set it and restart the server.`);
  }
  if (!hasBearer(request, name)) {
    throw refuse(401, "unauthorized", `This route wants the header "Authorization: Bearer" with the right secret.`, {
      headers: { "WWW-Authenticate": "Bearer" },
    });
  }
}

/** True for a request that carries the secret. Compares in constant time; a secret that is not set is nobody's. */
export function hasBearer(request: Request, name: "CRON_SECRET" | "ADMIN_TOKEN"): boolean {
  const secret = env[name];
  const given = /^Bearer +(.+)$/i.exec(request.headers.get("Authorization") ?? "")?.[1] ?? "";
  return secret !== undefined && timingSafeEqual(digest(given), digest(secret));
}

/** Digests have one length, whatever their input's. */
function digest(value: string): Buffer {
  return createHash("sha256").update(value).digest();
}
