import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { CliError, toErrorBody } from "../cli-error";
import { type ExitCode, exitCodes } from "../exit-codes";
import { addDatabase } from "./add-database";
import { addJobs } from "./add-jobs";
import { addLooks } from "./add-looks";
import { addSweeps } from "./add-sweeps";
import type { Run } from "./run-command";

const help = `
Whom it speaks to:
  APP_URL               a running app, for example https://app.example.com, with
  CRON_SECRET           its secret of run and verify, and
  ADMIN_TOKEN           its secret of all other commands
  DATABASE_URL          without APP_URL, or with --local: the PostgreSQL server on which this process does the work
  EMBEDDED_DATA_DIR     without either: the embedded database's folder, .data/pglite without it
  LOG_LEVEL             lines of the work's log on stderr, for example info; none without it
  NO_COLOR              no colours on a terminal
  All other settings of the app hold, too, where this process does the work.

Exit codes:
  0 done   1 failed, or not ok   2 wrong arguments, settings or input: nothing was written
  3 partial: some shops failed, or something is left   4 nobody answered, or did not let in   130 stopped

Examples:
  npm run rollup -- status
  npm run rollup -- rebuild --from 2026-01-01 --to 2026-06-30 --dry-run
  npm run --silent rollup -- runs --kind verify --json`;

/** Runs the command that the arguments name, and returns the exit code. Never rejects. */
export async function runProgram(args: string[]): Promise<ExitCode> {
  let code: ExitCode = exitCodes.done;
  const act: Run =
    (load) =>
    async (...given) => {
      const work = await load();
      // The last that commander gives is the command itself.
      code = await work(...(given.slice(0, -1) as never[]));
    };
  const program = makeProgram(act);
  try {
    if (args.length === 0) program.help();
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    return endWithError(error, args);
  }
}

function makeProgram(act: Run): Command {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const program = new Command("npm run rollup --");
  program
    .description("The operator's commands of the daily analytics. Each has its own --help.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this, or a command's help")
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .addHelpText("after", help);
  addJobs(program, act);
  addSweeps(program, act);
  addLooks(program, act);
  addDatabase(program, act);
  return program;
}

function endWithError(error: unknown, args: string[]): ExitCode {
  const isJson = args.includes("--json");
  if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
  const told = error instanceof CommanderError ? toUsageError(error, args) : error;
  if (isJson) process.stdout.write(`${JSON.stringify(toErrorBody(told), null, 2)}\n`);
  else process.stderr.write(`${toErrorBody(told).error.message}\n`);
  return told instanceof CliError ? told.exitCode : exitCodes.failed;
}

/** Commander's sentences begin with "error:". */
function toUsageError({ message }: CommanderError, args: string[]): CliError {
  const text = message.replace(/^error: (.)/, (_, first: string) => first.toUpperCase()).trim();
  const sentence = /[.?)]$/.test(text) ? text : `${text}.`;
  const [command] = args.filter((arg) => !arg.startsWith("-"));
  const more = `npm run rollup -- ${command && !/unknown command/i.test(message) ? `${command} ` : ""}--help says what there is.`;
  return new CliError(`${sentence} ${more}`, { code: "usage", exitCode: exitCodes.usage });
}
