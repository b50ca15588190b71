import type { PrivacyRequest } from "@prisma/client";

/** A request of the register as the routes show it. The ids that lead to a customer stay inside. */
export function toPrivacyAnswer({ requestIds, alertAt, ...shown }: PrivacyRequest) {
  return shown;
}
