import { expect, test } from "vitest";
import { CliError } from "../../cli/cli-error";
import { makeClient } from "../../cli/client";
import type { Transport } from "../../cli/connection/connection";
import { followSweep, type SweepAnswer } from "../../cli/sweep/follow";
import { makeTerminal } from "../../cli/terminal";

const begun: SweepAnswer = {
  ...{ runId: "one", status: "running", shopId: null, dryRun: false, done: 0, total: 2 },
  ...{ etaMs: null, days: 0, failedShops: [], durationMs: null },
};

/** Follows a rebuild over a transport, and returns what was said beside the result. */
function follow(send: Transport, signal = new AbortController().signal) {
  const said: string[] = [];
  const connection = { ...{ send, introduction: "", isLocal: true }, continueSweep() {}, stop() {}, async close() {} };
  const terminal = { ...makeTerminal({ isJson: true }), say: (line: string) => void said.push(line) };
  const tools = { client: makeClient(connection), terminal, stop: { signal, forget() {} } };
  return { said, answer: followSweep("rebuild", begun, tools) };
}

function away(): CliError {
  return new CliError("Nothing listens there.", { code: "unreachable", exitCode: 4, isPassing: true });
}

test("an app that is away for a moment is asked again, and the rebuild is followed to its end", async () => {
  let calls = 0;
  const { said, answer } = follow(async () => {
    calls += 1;
    if (calls === 1) throw away();
    return Response.json({ ...begun, status: "ok", done: 2 });
  });
  expect(await answer).toMatchObject({ status: "ok", done: 2 });
  expect(said).toEqual(["Nothing listens there. Asks again for 60 s."]);
});

test("what no waiting mends ends the command as it is", async () => {
  const body = { error: { code: "unknown_run", message: 'There is no rebuild "one".', issues: [] } };
  const { answer } = follow(async () => Response.json(body, { status: 404 }));
  await expect(answer).rejects.toMatchObject({ code: "unknown_run", exitCode: 2 });
});

test("Ctrl-C cancels it, and says so where nobody could be told", async () => {
  const methods: string[] = [];
  const cancelled = follow(async (request) => {
    methods.push(`${request.method} ${new URL(request.url).pathname}`);
    return Response.json({ ...begun, status: "cancelled" });
  }, AbortSignal.abort());
  expect(await cancelled.answer).toMatchObject({ status: "cancelled" });
  expect(methods).toEqual(["DELETE /jobs/rebuild/one"]);

  const lost = follow(async () => {
    throw away();
  }, AbortSignal.abort());
  await expect(lost.answer).rejects.toMatchObject({
    exitCode: 130,
    message: expect.stringMatching(
      /was not cancelled: it goes on in the app\. Cancel it: npm run rollup -- rebuild --cancel one$/,
    ),
  });
});
