import type { Command } from "commander";
import type { ExitCode } from "../exit-codes";
import type { Run } from "./run-command";

type Entry = (args: string[], write: (line: string) => void) => Promise<number>;

/**
 * Adds a command that reads its arguments itself, --help among them, and returns its exit code:
 * `addWithOwnParser(program, act, "name", "what it does", async () => (await import("../name")).name)`.
 */
export function addWithOwnParser(
  program: Command,
  act: Run,
  name: string,
  summary: string,
  load: () => Promise<Entry>,
): void {
  program
    .command(name)
    .summary(summary)
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .argument("[args...]")
    .action(
      act(async () => {
        const entry = await load();
        return async (args: string[]) => (await entry(args, (line) => process.stdout.write(`${line}\n`))) as ExitCode;
      }),
    );
}
