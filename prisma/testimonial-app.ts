import type { AppPart } from "../app/services/rollup/definition/app-part";
import { type ScanIndex, toIndex } from "../app/services/rollup/definition/index-sql";
import type { Definition } from "../app/services/rollup/definition/rollup";
import { toStampPart } from "../app/services/rollup/definition/stamp-part";

// What the testimonial app's own part of its first migration is: approved_at, which no version of the app had before, and
// the indexes of what its pages count live.

const table = "testimonial_submissions";
const requests = "testimonial_requests";

/** The statuses of requests that came to nothing, as the app writes them. */
const lost = ["failed", "expired"];

/** approved_at for what is approved already, and the stamp that sets it from now on. */
export function toTestimonialPart(definition: Pick<Definition, "prefix" | "instants">): AppPart {
  const part = toStampPart(definition, {
    table,
    column: "approved_at",
    status: { column: "status", value: "approved" },
    known: { whenFilled: ["published_at", "updated_at"], whenInserted: ["published_at", "submitted_at"] },
  });
  const { columns = [], values = [], adds } = part.needs;
  return {
    ...part,
    needs: {
      adds,
      columns: [...columns, { table: requests, column: "created_at", use: "any" }],
      values: [...values, ...lost.map((value) => ({ table: requests, column: "status", value }))],
    },
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
