import { expectSame } from "./check";
import type { Context } from "./step";
import { getRequest, getShop, type World } from "./world";

const statement = `
select 'requests' as source, id, array[shop_id, sent_at::text, clicked_at::text, submitted_at::text, customer_email] as row
from testimonial_requests
union all
select 'events', id, array[shop_id, request_id, event_type, event_at::text]
from testimonial_request_events
union all
select 'submissions', id,
  array[shop_id, request_id, status, media_type, rating::text, submitted_at::text, approved_at::date::text, published_at::text]
from testimonial_submissions
order by 1, 2`;

type SourceRow = { source: string; id: string; row: (string | null)[] };

/** Asserts that the source tables hold what the model holds: that the model itself is right. */
export async function expectSourcesAsInModel({ app, world, figures }: Pick<Context, "app" | "world" | "figures">) {
  const actual = await app.db.$queryRawUnsafe<SourceRow[]>(statement);
  const sort = (rows: SourceRow[]) => new Map(rows.map((row) => [`${row.source} ${row.id}`, row.row]));
  expectSame("the source rows", sort(actual), sort(listRows(world)), figures);
}

function listRows(world: World): SourceRow[] {
  const shopId = (row: { shop: number }) => getShop(world, row.shop).id;
  const requestId = (key: number | null) => (key === null ? null : getRequest(world, key).id);
  return [
    ...world.requests.map((row) => ({
      source: "requests",
      id: row.id,
      row: [shopId(row), toText(row.sentAt), toText(row.clickedAt), toText(row.submittedAt), row.email],
    })),
    ...world.events.map((row) => ({
      source: "events",
      id: row.id,
      row: [shopId(row), requestId(row.request), row.type, toText(row.at)],
    })),
    ...world.submissions.map((row) => ({
      source: "submissions",
      id: row.id,
      row: [
        shopId(row),
        requestId(row.request),
        row.status,
        row.media,
        row.rating === null ? null : String(row.rating),
        toText(row.submittedAt),
        // The database's own stamp has a time of day that the model can't know.
        toText(row.approvedAt)?.slice(0, 10) ?? null,
        toText(row.publishedAt),
      ],
    })),
  ];
}

/** A kept instant as PostgreSQL writes it: without the zeros at the end. */
function toText(kept: string | null): string | null {
  if (kept === null || kept.endsWith("infinity")) return kept;
  return kept
    .replace("T", " ")
    .replace("Z", "")
    .replace(/\.?0+$/, "");
}
