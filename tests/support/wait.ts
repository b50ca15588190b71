import { setTimeout as pause } from "node:timers/promises";

/** Asks again and again until `ask` gives something true. Fails when it does not within `deadlineMs`. */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T | null | undefined | false>,
  deadlineMs = 30_000,
): Promise<T> {
  const endsAt = performance.now() + deadlineMs;
  while (performance.now() < endsAt) {
    const found = await ask();
    if (found) return found;
    await pause(20);
  }
  throw new Error(`Waited ${deadlineMs} ms in vain for ${what}.`);
}
