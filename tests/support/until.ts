/** Asks again and again until the answer is not undefined; rejects after the deadline, naming what never came. */
export async function until<T>(what: string, ask: () => Promise<T | undefined>, deadlineMs = 30_000): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  while (performance.now() < deadline) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`Waited ${deadlineMs} ms in vain: ${what}.`);
}
