import { expect, test } from "vitest";
import { playHistories, withStage } from "./support/histories/run";

// In each of the three projects, so a hundred in all. SEED, HISTORIES and HISTORY_PATH change what is played.
const histories = 34;
const timeoutMs = 300_000;

test(
  "after every step of a random history all reads and rows are what plain arrays say",
  async () => {
    await withStage(async (stage) => {
      const figures = await playHistories(stage, histories);
      expect(figures.comparisons).toBeGreaterThan(figures.histories);
    });
  },
  timeoutMs,
);
