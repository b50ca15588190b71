import { AsyncLocalStorage } from "node:async_hooks";

// Which request the code at work belongs to, through all layers, without being handed down.

/** `route` is the pattern of its route. */
export type CurrentRequest = { requestId: string; route: string };

const storage = new AsyncLocalStorage<CurrentRequest>();

/** Does `work`, and all that it begins, as the request's. */
export function inRequest<T>(request: CurrentRequest, work: () => T): T {
  return storage.run(request, work);
}

/** The request that the caller's code is at work for, or undefined outside of requests. */
export function getCurrentRequest(): CurrentRequest | undefined {
  return storage.getStore();
}
