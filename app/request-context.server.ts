import { AsyncLocalStorage } from "node:async_hooks";

// Which request the code at work belongs to, through all layers, without being handed down.

const storage = new AsyncLocalStorage<{ requestId: string }>();

/** Does `work`, and all that it begins, as the request's. */
export function inRequest<T>(requestId: string, work: () => T): T {
  return storage.run({ requestId }, work);
}

/** The id of the request that the caller's code is at work for, or undefined outside of requests. */
export function getRequestId(): string | undefined {
  return storage.getStore()?.requestId;
}
