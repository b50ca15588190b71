import { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import { vi } from "vitest";

export type Statement = { text: string; values: unknown[] };

/** Lists the statements that reach the database, whichever it is, while `work` runs. */
export async function recordStatements(work: () => Promise<unknown>): Promise<string[]> {
  return (await recordStatementsWithValues(work)).map(({ text }) => text);
}

/** The same, each with the values it was given. */
export async function recordStatementsWithValues(work: () => Promise<unknown>): Promise<Statement[]> {
  const statements: Statement[] = [];
  const spies = [pg.Client.prototype, findOwner(PGlite.prototype, "query")].map((owner) => {
    const query = Reflect.get(owner, "query") as (...values: unknown[]) => unknown;
    return vi.spyOn(owner as { query: typeof query }, "query").mockImplementation(function (this: unknown, ...values) {
      const [first, second] = values;
      statements.push(
        typeof first === "string"
          ? { text: first, values: Array.isArray(second) ? second : [] }
          : {
              text: String(Reflect.get(first as object, "text")),
              values: Reflect.get(first as object, "values") ?? [],
            },
      );
      return query.apply(this, values);
    });
  });
  try {
    await work();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return statements;
}

function findOwner(start: object, key: string): object {
  let owner: object | null = start;
  while (owner && !Object.hasOwn(owner, key)) owner = Object.getPrototypeOf(owner);
  if (!owner) throw new Error(`Nothing has the method ${key}.`);
  return owner;
}

/** Runs `work`, and `interrupt` once, when the first statement of `work` is on its way to the database. */
export async function onFirstStatement<T>(interrupt: () => Promise<unknown>, work: () => Promise<T>): Promise<T> {
  let interrupted: Promise<unknown> | undefined;
  const spies = [pg.Client.prototype, findOwner(PGlite.prototype, "query")].map((owner) => {
    const query = Reflect.get(owner, "query") as (...values: unknown[]) => unknown;
    const spy = vi.spyOn(owner as { query: typeof query }, "query");
    return spy.mockImplementation(function (this: unknown, ...values) {
      if (interrupted) return query.apply(this, values);
      // What `interrupt` itself asks of the database passes.
      interrupted = Promise.resolve();
      interrupted = interrupt();
      return query.apply(this, values);
    });
  });
  try {
    const done = await work();
    await interrupted;
    return done;
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
