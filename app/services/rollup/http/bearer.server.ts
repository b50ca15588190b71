import { createHash, timingSafeEqual } from "node:crypto";
import { refuse } from "./answer.server";

/** A secret, or all that are valid while one is replaced by another. One that is not set is nobody's. */
export type Secret = string | undefined | readonly (string | undefined)[];

/**
 * Lets a request pass that carries `Authorization: Bearer <the secret>`. Compares in constant time. `name` is what whoever
 * sets the secret knows it by.
 *
 * @throws Response 503 when the secret is not configured, 401 when the request's is missing or wrong.
 */
export function requireBearer(request: Request, name: string, secret: Secret): void {
  if (listSecrets(secret).length === 0) {
    throw refuse(503, "not_configured", `${name} is not set, so this route is closed. Set it and restart the server.`);
  }
  if (!hasBearer(request, secret)) {
    throw refuse(401, "unauthorized", `This route wants the header "Authorization: Bearer" with the right secret.`, {
      headers: { "WWW-Authenticate": "Bearer" },
    });
  }
}

/** True for a request that carries the secret. Compares in constant time. */
export function hasBearer(request: Request, secret: Secret): boolean {
  return isSecret(/^Bearer +(.+)$/i.exec(request.headers.get("Authorization") ?? "")?.[1] ?? "", secret);
}

/** True where `given` is the secret, or one of them. Each is compared, so that the time tells nothing of which it was. */
export function isSecret(given: string, secret: Secret): boolean {
  const digests = listSecrets(secret).map(digest);
  return digests.filter((one) => timingSafeEqual(digest(given), one)).length > 0;
}

function listSecrets(secret: Secret): string[] {
  return [secret].flat().filter((one): one is string => Boolean(one));
}

/** Digests have one length, whatever their input's. */
function digest(value: string): Buffer {
  return createHash("sha256").update(value).digest();
}
