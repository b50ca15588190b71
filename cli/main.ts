import { writeMigration } from "./migration";

// npm run rollup -- <command>

const usage = `Usage: npm run rollup -- <command>

  migration <name>   Writes the next migration: what takes a database from the definition that the last migration left
                     to the one in the code. Read it, change it where you must, then run "npm run setup".

                     npm run rollup -- migration five_star_submissions
`;

const [command, ...args] = process.argv.slice(2);

try {
  if (command === "migration") process.stdout.write(`${writeMigration(args)}\n`);
  else if (command === undefined || command === "help" || command === "--help") process.stdout.write(usage);
  else throw new Error(`There is no command ${JSON.stringify(command)}.\n\n${usage}`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
