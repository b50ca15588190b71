import type { ErrorBody } from "../app/services/rollup/http/answer.server";
import { CliError } from "./cli-error";
import { type Connection, nobody } from "./connection/connection";
import { type ExitCode, exitCodes } from "./exit-codes";

/** A value as JSON brings it: instants are texts. */
export type Json<Value> = Value extends Date
  ? string
  : // A day is a branded text.
    Value extends string
    ? Value
    : Value extends (infer Item)[]
      ? Json<Item>[]
      : Value extends object
        ? { [Key in keyof Value]: Json<Value[Key]> }
        : Value;

type Call = { query?: Record<string, string | number | undefined>; body?: object };

/** Asks the rollup, whoever that is. */
export type Client = {
  connection: Connection;
  /** @throws CliError for an answer that is an error, with the exit code that it stands for. */
  ask: <Body>(method: "GET" | "POST" | "DELETE", path: string, call?: Call) => Promise<Body>;
};

export function makeClient(connection: Connection): Client {
  return {
    connection,
    async ask<Body>(method: string, path: string, { query = {}, body }: Call = {}) {
      const url = new URL(path, nobody);
      for (const [name, value] of Object.entries(query)) {
        if (value !== undefined) url.searchParams.set(name, String(value));
      }
      const headers = { "Content-Type": "application/json" };
      const init = body === undefined ? { method } : { method, headers, body: JSON.stringify(body) };
      const response = await connection.send(new Request(url, init));
      const answer = (await response.json()) as Body | ErrorBody;
      if (response.status >= 400 && isError(answer)) throw toCliError(response.status, answer);
      return answer as Body;
    },
  };
}

/** An id as a part of an address. */
export function toPath(path: string, id: string): string {
  return `${path}/${encodeURIComponent(id)}`;
}

/** A run that failed has a text there. */
function isError(answer: unknown): answer is ErrorBody {
  const { error } = (answer ?? {}) as { error?: unknown };
  return typeof error === "object" && error !== null;
}

function toCliError(status: number, { error: { code, message, issues } }: ErrorBody): CliError {
  const exitCode: ExitCode =
    status === 401 || status === 403 || status === 503
      ? exitCodes.unreachable
      : status < 500
        ? exitCodes.usage
        : exitCodes.failed;
  return new CliError(message, { code, exitCode, issues, isPassing: status === 503 && code !== "not_configured" });
}
