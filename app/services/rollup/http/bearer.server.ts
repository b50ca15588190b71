import { createHash, timingSafeEqual } from "node:crypto";
import { refuse } from "./answer.server";

/**
 * Lets a request pass that carries `Authorization: Bearer <the secret>`. Compares in constant time. `name` is what whoever
 * sets the secret knows it by.
 *
 * @throws Response 503 when the secret is not configured, 401 when the request's is missing or wrong.
 */
export function requireBearer(request: Request, name: string, secret: string | undefined): void {
  if (!secret) {
    throw refuse(503, "not_configured", `${name} is not set, so this route is closed. Set it and restart the server.`);
  }
  if (!hasBearer(request, secret)) {
    throw refuse(401, "unauthorized", `This route wants the header "Authorization: Bearer" with the right secret.`, {
      headers: { "WWW-Authenticate": "Bearer" },
    });
  }
}

/** True for a request that carries the secret. Compares in constant time; a secret that is not set is nobody's. */
export function hasBearer(request: Request, secret: string | undefined): boolean {
  const given = /^Bearer +(.+)$/i.exec(request.headers.get("Authorization") ?? "")?.[1] ?? "";
  return secret ? timingSafeEqual(digest(given), digest(secret)) : false;
}

/** Digests have one length, whatever their input's. */
function digest(value: string): Buffer {
  return createHash("sha256").update(value).digest();
}
