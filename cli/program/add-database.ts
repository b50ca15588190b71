import type { Command } from "commander";
import { numberOption } from "../options";
import { addWithOwnParser } from "./own-parser";
import type { Run } from "./run-command";

/** What works on migrations and on the database itself, without an app. */
export function addDatabase(program: Command, act: Run): void {
  program
    .command("migration")
    .summary("write the next migration")
    .description(
      "Writes the next migration: what takes a database from the definition that the last migration left to the one in the " +
        'code. Read it, change it where you must, then run "npm run setup".',
    )
    .argument("<name>", "one word of lower-case letters, digits and underscores")
    .option("--json", "print one JSON document on stdout, and nothing else there")
    .addHelpText("after", "\nExample:\n  npm run rollup -- migration five_star_submissions")
    .action(act(async () => (await import("../migration")).migration));

  program
    .command("install")
    .summary("take the first migration on a live database")
    .description(
      "Does what the first migration of the daily analytics does, on the live database of DATABASE_URL: beside its readers " +
        "and writers, with short locks. Stopped or killed, the same command goes on.",
    )
    .option("--dry-run", "print the steps with their SQL")
    .addOption(
      numberOption(
        "--lock-timeout <ms>",
        "how long a step waits for its lock before it lets others go first",
        10,
        60_000,
      ).default(1_000),
    )
    .option("--json", "print one JSON document on stdout, and nothing else there")
    .addHelpText("after", "\nExample:\n  npm run rollup -- install --dry-run")
    .action(act(async () => (await import("../install")).install));

  program
    .command("purge")
    .summary("delete source rows of sealed days")
    .description(
      "Deletes request events of sealed days, with --requests also the requests that no testimonial answers; the daily " +
        "numbers stay. In short transactions, beside readers and writers. A day that was purged can't be unsealed. Stopped, " +
        "the same command goes on.",
    )
    .option("--before <day>", "rows of days before this one go (YYYY-MM-DD)")
    .option("--shop <id>", "of this shop; of all shops without it")
    .option("--requests", "also requests that no testimonial answers")
    .option("--dry-run", "delete nothing, and count what would go")
    .addOption(numberOption("--rate <rows>", "at most so many rows a second", 1, 1_000_000).default(5_000))
    .option("--json", "print one JSON document on stdout, and nothing else there")
    .addHelpText("after", "\nExample:\n  npm run rollup -- purge --before 2026-01-01 --dry-run")
    .action(act(async () => (await import("../purge")).purge));

  const summary = "take the rollup into another app, of Remix or React Router: docs/adopt.md";
  addWithOwnParser(program, act, "init", summary, async () => (await import("../init")).init);
}
