import type { Command } from "commander";
import { numberOption, withCommonOptions, wordOption } from "../options";
import type { Run } from "./run-command";

/** What only looks: `status`, `runs` and `doctor`. */
export function addLooks(program: Command, act: Run): void {
  withCommonOptions(program.command("status"))
    .summary("how all shops are")
    .description(
      "Health with since-when and reasons, failing shops, marks, seals, and what runs and ran. Exit code 1 where something is not ok.",
    )
    .addHelpText("after", "\nExample:\n  npm run rollup -- status || echo look at it")
    .action(act(async () => (await import("../commands/status")).status));

  withCommonOptions(program.command("runs"))
    .summary("the ledger of runs, or one of them")
    .description("Lists the ledger, the latest run first. With an id: that run, with all that the ledger keeps of it.")
    .argument("[run]", "the id of a run")
    .addOption(wordOption("--kind <kind>", "of this kind", ["rollup", "verify", "rebuild", "seal"]))
    .addOption(wordOption("--status <status>", "in this state", ["running", "ok", "partial", "failed", "cancelled"]))
    .option("--shop <id>", "of this shop alone")
    .option("--before <run>", "those before this run")
    .addOption(numberOption("--limit <runs>", "so many (1 to 500)", 1, 500).default(20))
    .addHelpText(
      "after",
      "\nExamples:\n  npm run rollup -- runs --kind verify --limit 5\n  npm run rollup -- runs 6f0c1f4e-6b1f-4d6f-9a53-0f6f3c1f5a11",
    )
    .action(act(async () => (await import("../commands/runs")).runs));

  program
    .command("doctor")
    .summary("what is wrong with settings, database and installation, and what mends it")
    .description(
      "Looks at the settings of this environment, at the database of DATABASE_URL (or the embedded one), and at the app of " +
        "APP_URL where it is set. Each finding says what mends it. Writes nothing. Exit code 1 where there is a problem; " +
        "warnings alone are 0.",
    )
    .option("--allow-http", "let secrets go to an APP_URL on another machine without encryption")
    .option("--json", "print one JSON document on stdout, and nothing else there")
    .addHelpText("after", "\nExample:\n  npm run rollup -- doctor")
    .action(act(async () => (await import("../commands/doctor")).doctor));
}
