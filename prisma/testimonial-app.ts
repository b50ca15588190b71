import type { AppPart, Trigger } from "../app/services/rollup/definition/app-part";
import { type ScanIndex, toIndex } from "../app/services/rollup/definition/index-sql";
import type { Definition } from "../app/services/rollup/definition/rollup";

// What the testimonial app's own part of its first migration is: approved_at, which no version of the app had before, and
// the indexes of what its pages count live.

const table = "testimonial_submissions";
const requests = "testimonial_requests";

/** The statuses of requests that came to nothing, as the app writes them. */
const lost = ["failed", "expired"];

/** The status of an approved testimonial, as the app writes it. */
const approved = "approved";

/** approved_at for what is approved already, and the stamp that sets it from now on. */
export function toTestimonialPart({ instants }: Pick<Definition, "instants">): AppPart {
  const now = instants === "timestamp" ? "timezone('utc', now())" : "now()";
  return {
    title: "approved_at, filled for what is approved already, and the stamp. A value that the app sets stays.",
    needs: {
      adds: [`${table}.approved_at`],
      columns: [
        { table, column: "updated_at", use: "any" },
        { table: requests, column: "created_at", use: "any" },
      ],
      values: [
        { table, column: "status", value: approved },
        ...lost.map((value) => ({ table: requests, column: "status", value })),
      ],
    },
    columns: [
      {
        table,
        column: "approved_at",
        sql: `alter table ${table} add column if not exists approved_at ${instants}(3);`,
      },
    ],
    fills: [
      {
        table,
        set: "approved_at = coalesce(published_at, updated_at)",
        where: `status = '${approved}' and approved_at is null`,
      },
    ],
    functions: [
      `create function rollup_stamp_approved_at() returns trigger
language plpgsql
as $$
begin
  if tg_op = 'INSERT' then
    new.approved_at := coalesce(new.published_at, new.submitted_at, ${now});
  else
    new.approved_at := ${now};
  end if;
  return new;
end
$$;`,
    ],
    triggers: [
      stamp("insert", `new.status = '${approved}' and new.approved_at is null`),
      stamp(
        "update",
        `new.status = '${approved}' and old.status is distinct from new.status and new.approved_at is null`,
      ),
    ],
    indexes: [
      {
        use: "For what the dashboard counts at each visit: the testimonials that wait for moderation.",
        ...toIndex(table, ["shop_id", "status"]),
      },
      {
        use: "For the requests of a range that came to nothing, counted without a look at their rows.",
        ...toLostIndex(),
      },
    ],
  };
}

/** An index of requests that came to nothing, by when they were sent or, where they never were, made. */
function toLostIndex(): ScanIndex {
  const name = `${requests}_lost_idx`;
  const columns = ["shop_id", "status", "sent_at", "created_at"];
  const where = `status in (${lost.map((status) => `'${status}'`).join(", ")})`;
  const sql = `create index if not exists ${name} on ${requests} (${columns.join(", ")}) where ${where};`;
  return { name, table: requests, columns, instant: null, sql };
}

/** A trigger that stamps rows for which `when` is true. */
function stamp(event: "insert" | "update", when: string): Trigger {
  const name = `rollup_stamp_approved_at_on_${event}`;
  return {
    name,
    table,
    sql: `create trigger ${name}
before ${event} on ${table}
for each row
when (${when})
execute function rollup_stamp_approved_at();`,
  };
}
