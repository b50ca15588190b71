import type { App } from "./app";

type Cure = string[];

/** A fault to put into the database of a test, in one place of the change log. Returns the statements that mend it. */
export type Mutant = { name: string; sabotage: (app: App) => Promise<Cure> };

export const mutants: Mutant[] = [
  replaceInFunction({
    name: "an update of a request forgets the day it moved from",
    of: "rollup_mark_requests",
    code: "o.sent_at::date as date, -1 as change",
    by: "null::date as date, -1 as change",
  }),
];

/** Replaces `code`, which the function must have once, by other code. */
function replaceInFunction({ name, of, code, by }: { name: string; of: string; code: string; by: string }): Mutant {
  return {
    name,
    async sabotage(app) {
      const [found] = await app.db.$queryRawUnsafe<{ definition: string }[]>(
        "select pg_get_functiondef($1::regproc) as definition",
        of,
      );
      const parts = found?.definition.split(code) ?? [];
      if (parts.length !== 2) throw new Error(`The function ${of} has ${parts.length - 1} times, not once: ${code}`);
      await app.db.$executeRawUnsafe(parts.join(by));
      return [parts.join(code)];
    },
  };
}
