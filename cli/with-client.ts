import { type Client, makeClient } from "./client";
import { openConnection } from "./connection/open";
import type { ExitCode } from "./exit-codes";
import type { CommonOptions } from "./options";
import { type Stop, stopOnSignals } from "./stop";
import { makeTerminal, type Terminal } from "./terminal";

/** What a command works with. */
export type Tools = { client: Client; terminal: Terminal; stop: Stop };

type Work = (tools: Tools) => Promise<ExitCode>;

/**
 * Opens whom the options ask for, says on stderr who that is, and closes it in order when the command has done its work.
 * `sentence` is what the first Ctrl-C says.
 */
export async function withClient(options: CommonOptions, sentence: string, work: Work): Promise<ExitCode> {
  const terminal = makeTerminal({ isJson: options.json === true });
  const connection = await openConnection(options);
  terminal.say(connection.introduction);
  const stop = stopOnSignals(terminal.say, sentence);
  try {
    return await work({ client: makeClient(connection), terminal, stop });
  } finally {
    await connection.close();
    stop.forget();
  }
}
