import { setTimeout as sleep } from "node:timers/promises";
import { CliError } from "../cli-error";

/** So long whoever is followed may be away: longer than a deploy takes. */
const defaultPatienceMs = 60_000;
const retryMs = 1_000;

type Patience = { signal: AbortSignal; say: (line: string) => void; patienceMs?: number };

/**
 * Asks again while nobody answers, for a minute.
 *
 * @throws CliError the last one that passes by itself, when the minute is over or the signal is aborted; any other immediately.
 */
export async function askPatiently<T>(
  ask: () => Promise<T>,
  { signal, say, patienceMs = defaultPatienceMs }: Patience,
): Promise<T> {
  const endsAt = performance.now() + patienceMs;
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof CliError) || !error.isPassing || signal.aborted) throw error;
      if (performance.now() >= endsAt) throw error;
      if (tries === 1) say(`${error.message} Asks again for ${Math.round(patienceMs / 1_000)} s.`);
      await pause(retryMs, signal);
    }
  }
}

/** Waits, and no longer than until the signal is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
