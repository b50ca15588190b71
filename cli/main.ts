import { install } from "./install";
import { writeMigration } from "./migration";
import { purge } from "./purge";

// npm run rollup -- <command>

const usage = `Usage: npm run rollup -- <command>

  migration <name>   Writes the next migration: what takes a database from the definition that the last migration left
                     to the one in the code. Read it, change it where you must, then run "npm run setup".

                     npm run rollup -- migration five_star_submissions

  install            Does what the first migration of the daily analytics does, on the live database of DATABASE_URL:
                     beside its readers and writers, with short locks. Stopped or killed, the same command goes on.
                     --dry-run prints the steps with their SQL; --lock-timeout <ms> is how long a step waits for its lock
                     before it lets others go first, 1000 without it.

                     npm run rollup -- install --dry-run

  purge              Deletes request events of sealed days before --before <day>, with --requests also the requests that no
                     testimonial answers; the daily numbers stay. In short transactions, beside readers and writers. A day
                     that was purged can't be unsealed. --dry-run counts what would go; --shop <id> is for one shop;
                     --rate <rows> is the limit on rows a second, 5000 without it. Stopped, the same command goes on.

                     npm run rollup -- purge --before 2026-01-01 --dry-run

  init               Takes the rollup into another app: docs/adopt.md has the steps.

                     npm run rollup -- init --app ../my-app
`;

const [command, ...args] = process.argv.slice(2);

function write(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  if (command === "migration") write(writeMigration(args));
  else if (command === "install") process.exitCode = await install(args, write);
  // Its parser of schemas is no part of a production install.
  else if (command === "init") process.exitCode = await (await import("./init")).init(args, write);
  else if (command === "purge") process.exitCode = await purge(args, write);
  else if (command === undefined || command === "help" || command === "--help") process.stdout.write(usage);
  else throw new Error(`There is no command ${JSON.stringify(command)}.\n\n${usage}`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
