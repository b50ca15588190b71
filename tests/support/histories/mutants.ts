import type { App } from "./app";

type Cure = string[];

/** A fault to put into the database of a test, in one place of the change log. Returns the statements that mend it. */
export type Mutant = { name: string; sabotage: (app: App) => Promise<Cure> };

export const mutants: Mutant[] = [
  replaceInFunction({
    name: "an update of a request forgets the day it moved from",
    of: "rollup_mark_requests",
    parts: [
      // Of one row, and of many.
      ["(o.shop_id, o.sent_at::date, null::text, (", "(o.shop_id, null::date, null::text, ("],
      ["o.sent_at::date as date, -1 as change", "null::date as date, -1 as change"],
    ],
  }),
];

/** Replaces parts of a function, each of which it must have once, by other code. */
function replaceInFunction({
  name,
  of,
  parts,
}: {
  name: string;
  of: string;
  parts: [code: string, by: string][];
}): Mutant {
  return {
    name,
    async sabotage(app) {
      const [found] = await app.db.$queryRawUnsafe<{ definition: string }[]>(
        "select pg_get_functiondef($1::regproc) as definition",
        of,
      );
      const whole = found?.definition ?? "";
      for (const [code] of parts) {
        const times = whole.split(code).length - 1;
        if (times !== 1) throw new Error(`The function ${of} has ${times} times, not once: ${code}`);
      }
      await app.db.$executeRawUnsafe(parts.reduce((was, [code, by]) => was.replace(code, by), whole));
      return [whole];
    },
  };
}
