const started = new Set<Promise<unknown>>();

/** Keeps hold of work that nobody waits for, such as a run that an operator began, until it has ended. */
export function keepStarted<Value>(work: Promise<Value>): Promise<Value> {
  started.add(work);
  void work.then(
    () => started.delete(work),
    () => started.delete(work),
  );
  return work;
}

/** Resolves when no such work is left in this process. */
export async function settleStarted(): Promise<void> {
  await Promise.allSettled(started);
}
