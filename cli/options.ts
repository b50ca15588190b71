import { type Command, Option } from "commander";
import { optionError } from "./cli-error";

/** What commands that speak to the rollup have in common. */
export type CommonOptions = { local?: true; allowHttp?: true; json?: true };

/** Adds these options to a command. */
export function withCommonOptions(command: Command): Command {
  return command
    .option("--local", "work in this process, on the database of DATABASE_URL, although APP_URL is set")
    .option("--allow-http", "let secrets go to an APP_URL on another machine without encryption")
    .option("--json", "print one JSON document on stdout, and nothing else there");
}

/** An option with a whole number from `min` to `max`. */
export function numberOption(flags: string, description: string, min: number, max: number): Option {
  return new Option(flags, description).argParser((value) => toNumber(`--${toName(flags)}`, value, min, max));
}

/** @throws CliError that names the option, its value and what is allowed. */
function toNumber(field: string, value: string, min: number, max: number): number {
  const number = Number(value);
  if (/^\d{1,15}$/.test(value) && number >= min && number <= max) return number;
  throw optionError(field, value, `a whole number from ${min} to ${max}`);
}

/** An option with one of these words. */
export function wordOption(flags: string, description: string, words: readonly string[]): Option {
  return new Option(flags, `${description}: ${words.join(", ")}`).argParser((value) => {
    if (words.includes(value)) return value;
    throw optionError(`--${toName(flags)}`, value, `one of ${words.join(", ")}`);
  });
}

function toName(flags: string): string {
  return /--([\w-]+)/.exec(flags)?.[1] ?? flags;
}
