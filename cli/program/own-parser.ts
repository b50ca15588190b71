import type { Command } from "commander";
import type { ExitCode } from "../exit-codes";

type Entry = (args: string[], write: (line: string) => void) => Promise<number>;

/** Adds a command that reads its arguments itself, --help among them. `load` is called when it is. */
export function addWithOwnParser(
  program: Command,
  {
    name,
    summary,
    load,
    end,
  }: { name: string; summary: string; load: () => Promise<Entry>; end: (code: ExitCode) => void },
): void {
  program
    .command(name)
    .summary(summary)
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .argument("[args...]")
    .action(async (args: string[]) => {
      const entry = await load();
      end((await entry(args, (line) => process.stdout.write(`${line}\n`))) as ExitCode);
    });
}
