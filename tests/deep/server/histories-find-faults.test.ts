import { expect, test } from "vitest";
import { mutants } from "../../support/histories/mutants";
import { describeCounterexample, tryHistories, withSabotage } from "../../support/histories/run";

const maxHistories = 1_000;
const maxSteps = 10;

test.for(mutants)("random histories find that $name, in a few steps", async (mutant) => {
  await withSabotage(mutant, async (stage) => {
    const details = await tryHistories(stage, maxHistories);
    expect(details.failed).toBe(true);
    const steps = details.counterexample?.[0].length;
    process.stdout.write(
      `${mutant.name}: found after ${details.numRuns} histories\n${describeCounterexample(details)}\n\n`,
    );
    expect(steps).toBeLessThanOrEqual(maxSteps);
  });
});
