import type { App } from "./app";

type Cure = string[];

/** A fault to put into the database of a test, in one place of the change log. Returns the statements that mend it. */
export type Mutant = { name: string; sabotage: (app: App) => Promise<Cure> };

export const mutants: Mutant[] = [
  replaceInFunction({
    name: "an update of a request forgets the day it moved from",
    of: "rollup_mark_requests",
    code: "(o.shop_id, o.sent_at, (o.shop_id, o.sent_at::date) is distinct from (n.shop_id, n.sent_at::date)),",
    by: "",
  }),
  replaceInFunction({
    name: "a recorded click leaves its click events unmarked",
    of: "rollup_mark_requests",
    code: "and e.event_type = 'clicked'",
    by: "and false",
  }),
  replaceInFunction({
    name: "a change of media type marks nothing",
    of: "rollup_mark_submissions",
    code: "is distinct from (n.shop_id, n.submitted_at::date, n.media_type) as submitted",
    by: "is distinct from (n.shop_id, n.submitted_at::date, o.media_type) as submitted",
  }),
  replaceInFunction({
    name: "an event that goes to another request marks nothing",
    of: "rollup_mark_request_events",
    code: "(n.shop_id, n.request_id, n.event_type, n.event_at::date)",
    by: "(n.shop_id, o.request_id, n.event_type, n.event_at::date)",
  }),
  replaceInFunction({
    name: "a delete of testimonials marks only the days they were submitted",
    of: "rollup_mark_submissions",
    code: `from old_rows o
    cross join lateral (values (o.submitted_at), (o.approved_at), (o.published_at)) as d (at)`,
    by: "from old_rows o cross join lateral (values (o.submitted_at)) as d (at)",
  }),
  runStatements({
    name: "a truncate of the testimonials marks nothing",
    statements: ["alter table testimonial_submissions disable trigger rollup_mark_on_truncate"],
    cure: ["alter table testimonial_submissions enable trigger rollup_mark_on_truncate"],
  }),
  runStatements({
    name: "a return of a shop touches its rows, which stay as they are",
    statements: [
      `create function touch_days() returns trigger language plpgsql as $$
       begin
         update testimonial_daily_analytics set updated_at = updated_at + interval '1 second' where shop_id = new.id;
         return null;
       end
       $$`,
      "create trigger touch_days after update of uninstalled_at on shops for each row execute function touch_days()",
    ],
    cure: ["drop function touch_days cascade"],
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

function runStatements({ name, statements, cure }: { name: string; statements: string[]; cure: Cure }): Mutant {
  return {
    name,
    async sabotage(app) {
      for (const statement of statements) await app.db.$executeRawUnsafe(statement);
      return cure;
    },
  };
}
