/** What happened under a hammer. `turns` counts what the workers did, by its name. */
export type Tally = {
  committed: number;
  rolledBack: number;
  writerDeadlocks: number;
  reads: number;
  /** Reads that were not what the source tables said in the same snapshot. */
  differences: unknown[];
  turns: Record<string, number>;
};

/** Works until it is told to stop. */
export type Worker = (hammer: { goesOn: () => boolean; tally: Tally }) => Promise<void>;

type HammerOptions = { workers: Worker[]; forMs: number; stopsAtDifference?: boolean };

/** Lets all workers work at once for `forMs`, or to the first difference. Fails as soon as one of them does. */
export async function hammer({ workers, forMs, stopsAtDifference = false }: HammerOptions): Promise<Tally> {
  const tally: Tally = { committed: 0, rolledBack: 0, writerDeadlocks: 0, reads: 0, differences: [], turns: {} };
  const endsAt = performance.now() + forMs;
  let isBroken = false;
  const goesOn = () => !isBroken && performance.now() < endsAt && !(stopsAtDifference && tally.differences.length > 0);
  const results = await Promise.allSettled(
    workers.map(async (work) => {
      try {
        await work({ goesOn, tally });
      } finally {
        isBroken ||= goesOn();
      }
    }),
  );
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
  return tally;
}

/** A worker whose turns are counted under `name`. */
export function repeat(name: string, turn: () => Promise<void>): Worker {
  return async ({ goesOn, tally }) => {
    while (goesOn()) {
      await turn();
      tally.turns[name] = (tally.turns[name] ?? 0) + 1;
    }
  };
}

/** `count` workers of one kind. */
export function times(count: number, make: () => Worker): Worker[] {
  return Array.from({ length: count }, make);
}

export function printTally(title: string, { turns, differences, ...tally }: Tally, more: Record<string, number>): void {
  const figures = { ...tally, differences: differences.length, ...turns, ...more };
  const text = Object.entries(figures).map(([name, figure]) => `${name} ${figure}`);
  process.stdout.write(`${title}: ${text.join(", ")}\n`);
}
