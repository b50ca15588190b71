import type { Command } from "commander";
import { numberOption, withCommonOptions } from "../options";
import type { Run } from "./run-command";

const defaultLimit = 50;

/** What goes through the shops for as long as that takes: `rebuild` and `seal`. */
export function addSweeps(program: Command, act: Run): void {
  withCommonOptions(program.command("rebuild"))
    .summary("count a range anew, or say what would change")
    .description(
      "Counts all days of a range anew, of one shop or of all, and follows until the end. Readers never see a hole. Ctrl-C " +
        "cancels it: what is done stays, and --resume goes on after it.",
    )
    .option("--shop <id>", "of this shop; of all shops without it")
    .option("--from <day>", "first day (YYYY-MM-DD, today, yesterday, or -7d)")
    .option("--to <day>", "last day, at most 5 years later")
    .option("--dry-run", "change nothing, and list each metric that would change: stored → live")
    .addOption(
      numberOption("--limit <days>", "list so many days of a dry run (1 to 1000)", 1, 1_000).default(defaultLimit),
    )
    .option("--unseal", "count sealed days of the range, too, and open them")
    .option("--no-wait", "print the run's id and leave the work to the app (with APP_URL)")
    .option("--follow <run>", "follow one that is running")
    .option("--resume <run>", "go on with one that was cancelled")
    .option("--cancel <run>", "cancel one that is running")
    .addHelpText(
      "after",
      "\nExamples:\n  npm run rollup -- rebuild --from 2026-01-01 --to 2026-06-30 --dry-run\n" +
        "  npm run rollup -- rebuild --shop shop-1 --from -30d --to yesterday\n" +
        "  npm run rollup -- rebuild --resume 6f0c1f4e-6b1f-4d6f-9a53-0f6f3c1f5a11",
    )
    .action(act(async () => (await import("../commands/rebuild")).rebuild));

  withCommonOptions(program.command("seal"))
    .summary("keep days as they are stored")
    .description(
      "Seals all days before a day: they stay as stored when their source rows go. A shop with something left to count is " +
        "passed by. docs/sealing.md says what a seal means.",
    )
    .option("--before <day>", "all days before this one (YYYY-MM-DD, or -400d)")
    .option("--shop <id>", "of this shop; of all shops without it")
    .option("--dry-run", "seal nothing, and say how many days it would be")
    .option("--no-wait", "print the run's id and leave the work to the app (with APP_URL)")
    .option("--follow <run>", "follow one that is running")
    .option("--cancel <run>", "cancel one that is running")
    .addHelpText("after", "\nExample:\n  npm run rollup -- seal --before 2025-01-01 --dry-run")
    .action(act(async () => (await import("../commands/seal")).seal));
}
