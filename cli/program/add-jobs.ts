import type { Command } from "commander";
import { numberOption, withCommonOptions } from "../options";
import type { Run } from "./run-command";

/** What schedulers call: `run` and `verify`; and `mark`. */
export function addJobs(program: Command, act: Run): void {
  withCommonOptions(program.command("run"))
    .summary("recount what is marked, until nothing is left")
    .description(
      "Recounts what is marked, and finds what went round the triggers in the days of the window. A run stops at its time " +
        "budget (ROLLUP_BUDGET_MS); this command calls the next one until nothing is left that a run can do.",
    )
    .addOption(
      numberOption("--window <days>", "look back so many whole days before today (1 to 31; 1 without it)", 1, 31),
    )
    .option("--once", "call one run, and leave the rest to the next")
    .addHelpText("after", "\nExamples:\n  npm run rollup -- run\n  npm run rollup -- run --window 7 --json")
    .action(act(async () => (await import("../commands/run")).run));

  withCommonOptions(program.command("verify"))
    .summary("compare stored rows with live counts, and repair")
    .description(
      "Compares the stored rows of all installed shops with live counts, and seals with their checksums. What is wrong is " +
        "marked, recounted and compared again. Exit code 1 where it raised an alert or something is wrong still; drift that " +
        "was repaired below the alert's thresholds is 0.",
    )
    .addOption(
      numberOption("--sample <shops>", "so many random shops, each over 30 random days (1 to 10000)", 1, 10_000),
    )
    .addHelpText("after", "\nExamples:\n  npm run rollup -- verify\n  npm run rollup -- verify --sample 20")
    .action(act(async () => (await import("../commands/verify")).verify));

  withCommonOptions(program.command("mark"))
    .summary("have days counted anew by the next run")
    .description("Marks each open day of the range: reads count it live from now on, and the next run recounts it.")
    .option("--shop <id>", "of this shop; of all shops without it")
    .option("--from <day>", "first day (YYYY-MM-DD, today, yesterday, or -7d)")
    .option("--to <day>", "last day")
    .addHelpText("after", "\nExample:\n  npm run rollup -- mark --shop shop-1 --from 2026-01-01 --to 2026-01-31")
    .action(act(async () => (await import("../commands/mark")).mark));
}
