import { isLucky } from "./chance";

export const isolationLevels = ["read committed", "repeatable read", "serializable"] as const;
export type IsolationLevel = (typeof isolationLevels)[number];

/** What happened under a hammer. `turns` counts what the workers did, by its name. */
export type Tally = {
  /** Transactions of writers, by their isolation level. */
  committed: Record<IsolationLevel, number>;
  rolledBack: number;
  writerDeadlocks: number;
  /** Transactions of writers that had to be tried again, since they could not be serialized. */
  retried: number;
  reads: number;
  /** Reads that were not what the source tables said in the same snapshot. */
  differences: unknown[];
  turns: Record<string, number>;
};

type Hammer = { goesOn: () => boolean; tally: Tally };

/** Works until it is told to stop. */
export type Worker = (hammer: Hammer) => Promise<void>;

/** Resolves when a worker may go on. */
export type Rest = (hammer: Hammer) => Promise<void>;

export const noRest: Rest = async () => undefined;

type HammerOptions = { workers: Worker[]; forMs: number; stopsAtDifference?: boolean };

function makeTally(): Tally {
  const committed = { "read committed": 0, "repeatable read": 0, serializable: 0 };
  return { committed, rolledBack: 0, writerDeadlocks: 0, retried: 0, reads: 0, differences: [], turns: {} };
}

/** Lets all workers work at once for `forMs`, or to the first difference. Fails as soon as one of them does. */
export async function hammer({ workers, forMs, stopsAtDifference = false }: HammerOptions): Promise<Tally> {
  const tally = makeTally();
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
      countTurn(tally, name);
    }
  };
}

/** A turn or two, a rest, and so on. */
export async function repeatWithRests(hammer: Hammer, rest: Rest, turn: () => Promise<void>): Promise<void> {
  while (hammer.goesOn()) {
    await turn();
    if (hammer.goesOn() && isLucky(0.5)) await turn();
    await rest(hammer);
  }
}

export function countTurn(tally: Tally, name: string): void {
  tally.turns[name] = (tally.turns[name] ?? 0) + 1;
}

/** `count` workers of one kind. */
export function times(count: number, make: () => Worker): Worker[] {
  return Array.from({ length: count }, make);
}

export function printTally(
  title: string,
  { committed, turns, differences, ...tally }: Tally,
  more: Record<string, number>,
): void {
  const figures = { ...committed, ...tally, differences: differences.length, ...turns, ...more };
  const text = Object.entries(figures).map(([name, figure]) => `${name} ${figure}`);
  process.stdout.write(`${title}: ${text.join(", ")}\n`);
}
