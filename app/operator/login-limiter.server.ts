// A token can't be guessed at a few tries a minute. The limit is of the process, whoever asks: behind a proxy every caller
// may have the same address.

const windowMs = 60_000;
const maxWrong = 10;

let wrongAt: number[] = [];

/** How many seconds it takes until the next try is let in; 0 where one is. */
export function getLoginWait(now = Date.now()): number {
  wrongAt = wrongAt.filter((instant) => instant > now - windowMs);
  const oldest = wrongAt.at(-maxWrong);
  return oldest === undefined ? 0 : Math.ceil((oldest + windowMs - now) / 1_000);
}

/** Counts a wrong token. */
export function countWrongLogin(now = Date.now()): void {
  wrongAt.push(now);
}
