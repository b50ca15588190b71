import { test } from "vitest";
import { describeFigures } from "../../support/histories/figures";
import { playHistories, withStage } from "../../support/histories/run";

const histories = 1_000;

test("no random history of a thousand, beside other sessions, leads to a wrong number", async () => {
  await withStage(async (stage) => {
    const figures = await playHistories(stage, histories);
    process.stdout.write(describeFigures("Random histories on a server", figures));
  });
});
