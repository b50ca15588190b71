import { secrets } from "~/env.server";
import { requireBearer } from "~/services/rollup/http/bearer.server";

/**
 * Lets an operator's request pass.
 *
 * @throws Response 503 when ADMIN_TOKEN is not configured, 401 when the request's is missing or wrong.
 */
export function requireAdminToken(request: Request): void {
  requireBearer(request, "ADMIN_TOKEN", secrets.admin);
}
