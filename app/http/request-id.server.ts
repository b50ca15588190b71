import { randomUUID } from "node:crypto";

/** What a balancer, a scheduler or a person makes up, and nothing that could mislead who reads a log. */
const safeId = /^[\w.:-]{1,64}$/;

/** The id that the caller gave the request, where it is short and of safe characters, else a new one. */
export function toRequestId(given: string | string[] | undefined): string {
  return typeof given === "string" && safeId.test(given) ? given : randomUUID();
}
