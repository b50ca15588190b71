import type { PrismaClient } from "@prisma/client";
import type { Counts, MetricName } from "~/testimonial-rollup";
import type { Period } from "./period";

/** Metrics counted with plain SQL over the source tables, apart from the app: $1 the shop, $2 and $3 the period. */
const counts = {
  requestsSent: countRows("testimonial_requests", "sent_at"),
  requestsClicked: `
${countRows("testimonial_requests", "clicked_at")} + (
  select count(distinct (e.request_id, e.event_at::date))
  from testimonial_request_events e
  join testimonial_requests r on r.id = e.request_id and r.shop_id = e.shop_id
  where e.shop_id = $1
    and e.event_type = 'clicked'
    and r.clicked_at is null
    and ${isWithin("e.event_at")}
)`,
  submissionsCount: countRows("testimonial_submissions", "submitted_at"),
  approvedCount: countRows("testimonial_submissions", "approved_at"),
  publishedCount: countRows("testimonial_submissions", "published_at"),
  videoSubmissionsCount: countRows("testimonial_submissions", "submitted_at", "media_type = 'video'"),
  photoSubmissionsCount: countRows("testimonial_submissions", "submitted_at", "media_type = 'photo'"),
} satisfies Partial<Record<MetricName, string>>;

type DirectName = keyof typeof counts;

/** The metrics that the demo counts for itself, too. */
export const directNames = Object.keys(counts) as DirectName[];

/** Counts them from the source tables, in one statement that knows neither daily rows nor the change log. */
export async function countDirectly(
  db: PrismaClient,
  shopId: string,
  { from, to }: Period,
): Promise<Pick<Counts, DirectName>> {
  const columns = Object.entries(counts).map(([name, count]) => `(${count})::int as "${name}"`);
  const [row] = await db.$queryRawUnsafe<Pick<Counts, DirectName>[]>(`select ${columns.join(",\n")}`, shopId, from, to);
  if (!row) throw new Error("A select without a table gave no row.");
  return row;
}

function countRows(table: string, at: string, condition = "true"): string {
  return `(select count(*) from ${table} where shop_id = $1 and ${condition} and ${isWithin(at)})`;
}

function isWithin(at: string): string {
  return `${at} >= $2::date and ${at} < $3::date + 1`;
}
