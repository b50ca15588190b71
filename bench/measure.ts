/** One of the ways that are compared. `prepare` is not measured; `work` is. */
export type Side = { prepare?: (round: number) => Promise<unknown>; work: (round: number) => Promise<unknown> };

/** Milliseconds of each round. */
export type Samples = number[];

/**
 * Measures the sides in turns, A B, B A, A B, so that whatever slows the machine for a while slows all of them. Rounds
 * up to number 0 warm them up and are not counted.
 */
export async function interleave<Name extends string>(
  rounds: number,
  sides: Record<Name, Side>,
  { warmUps = 1 } = {},
): Promise<Record<Name, Samples>> {
  const names = Object.keys(sides) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, Samples>;
  for (let round = 1 - warmUps; round <= rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      await sides[name].prepare?.(round);
      const ms = await time(() => sides[name].work(round));
      if (round > 0) samples[name].push(ms);
    }
  }
  return samples;
}

/** How long `work` takes, in milliseconds. */
export async function time(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

export function median(samples: Samples): number {
  return quantile(samples, 0.5);
}

/** The smallest sample that this share of the samples does not exceed. */
export function quantile(samples: Samples, share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
