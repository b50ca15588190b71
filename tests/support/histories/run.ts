import fc from "fast-check";
import { closeApp, openApp } from "./app";
import { type Figures, makeFigures } from "./figures";
import { history } from "./history";
import type { Mutant } from "./mutants";
import { playHistory, type Stage } from "./play";
import type { Step } from "./step";
import { openWriter } from "./writer";

const { HISTORIES, SEED, HISTORY_PATH } = process.env;

/** What makes a run repeatable. Set SEED, and HISTORY_PATH to go straight to the counterexample of that seed. */
const given = { seed: SEED === undefined ? undefined : Number(SEED), path: HISTORY_PATH };

/** Opens the app and a writer for `work`, and closes both. */
export async function withStage(work: (stage: Stage) => Promise<void>): Promise<void> {
  const app = await openApp({ days: 3, shops: 2 });
  const stage: Stage = { app, figures: makeFigures(), writer: await openWriter(() => stage.app) };
  try {
    await work(stage);
  } finally {
    await stage.writer.close();
    await closeApp(stage.app);
  }
}

/** The same, with a fault in the database for as long as `work` goes on. */
export function withSabotage(mutant: Mutant, work: (stage: Stage) => Promise<void>): Promise<void> {
  return withStage(async (stage) => {
    const cure = await mutant.sabotage(stage.app);
    try {
      await work(stage);
    } finally {
      for (const statement of cure) await stage.app.db.$executeRawUnsafe(statement);
    }
  });
}

/** Plays random histories, HISTORIES of them if that is set, until one fails, which is then made as short as can be. */
export function tryHistories(stage: Stage, count: number): Promise<fc.RunDetails<[Step[]]>> {
  const property = fc.asyncProperty(history, (steps) => playHistory(stage, steps));
  return fc.check(property, { numRuns: Number(HISTORIES ?? count), ...given });
}

/** The same; throws the counterexample, with how to play it again. Returns what was played and compared. */
export async function playHistories(stage: Stage, count: number): Promise<Figures> {
  const details = await tryHistories(stage, count);
  if (details.failed) throw new Error(describeCounterexample(details));
  return stage.figures;
}

export function describeCounterexample(details: fc.RunDetails<[Step[]]>): string {
  const { seed, counterexamplePath: path, counterexample, errorInstance, numShrinks } = details;
  const steps = counterexample?.[0].length ?? 0;
  return [
    `A history of ${steps} steps went wrong (made shorter ${numShrinks} times):`,
    errorInstance instanceof Error ? errorInstance.message : String(errorInstance),
    `To play it again, set SEED=${seed} HISTORY_PATH=${path}`,
  ].join("\n\n");
}
