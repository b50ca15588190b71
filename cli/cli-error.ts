import type { ErrorBody, Issue } from "../app/services/rollup/http/answer.server";
import { type ExitCode, exitCodes } from "./exit-codes";

type CliErrorOptions = { code: string; exitCode: ExitCode; issues?: Issue[]; isPassing?: boolean };

/** What ends a command, as a sentence for the terminal. `isPassing`: to ask again may help. */
export class CliError extends Error {
  override name = "CliError";
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly issues: Issue[];
  readonly isPassing: boolean;

  constructor(message: string, { code, exitCode, issues = [], isPassing = false }: CliErrorOptions) {
    super(message);
    this.code = code;
    this.exitCode = exitCode;
    this.issues = issues;
    this.isPassing = isPassing;
  }
}

/** An option, or an argument, whose value is not allowed. */
export function optionError(field: string, value: unknown, allowed: string): CliError {
  const given = value === undefined ? "missing" : JSON.stringify(value);
  const message = `${field} is ${given}; it must be ${allowed}.`;
  const issues = [{ field, value: value ?? null, message: `must be ${allowed}` }];
  return new CliError(message, { code: "usage", exitCode: exitCodes.usage, issues });
}

/** Arguments that don't go together, or one that is missing. */
export function usageError(message: string): CliError {
  return new CliError(message, { code: "usage", exitCode: exitCodes.usage });
}

/** An error as the API tells one. */
export function toErrorBody(error: unknown): ErrorBody {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof CliError)) return { error: { code: "failed", message, issues: [] } };
  return { error: { code: error.code, message, issues: error.issues } };
}
