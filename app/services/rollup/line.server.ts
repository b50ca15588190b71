/** Runs `work` when its turn comes, and returns what it returns. */
export type TakeTurn = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * A line in which `width` at once are at work and the others wait, first come, first served. It keeps a flood of jobs
 * from taking every connection away from the readers.
 */
export function makeLine(width: number): TakeTurn {
  const waiting: (() => void)[] = [];
  let atWork = 0;

  return async function takeTurn(work) {
    if (atWork === width) await new Promise<void>((resolve) => waiting.push(resolve));
    else atWork += 1;
    try {
      return await work();
    } finally {
      const callNext = waiting.shift();
      if (callNext) callNext();
      else atWork -= 1;
    }
  };
}
