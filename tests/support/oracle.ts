import { db } from "~/db.server";
import type { Counts, MetricName } from "~/testimonial-rollup";
import { zeros } from "./counts";
import type { Query } from "./process-databases";

// Counts days in plain arrays. It shares the names of the metrics with the code under test, so that a metric without
// an oracle does not compile, and nothing else.

type RequestRow = { id: string; shopId: string; sentAt: string | null; clickedAt: string | null };
type EventRow = { shopId: string; requestId: string; eventType: string; eventAt: string | null };
type SubmissionRow = {
  shopId: string;
  mediaType: string;
  submittedAt: string | null;
  approvedAt: string | null;
  publishedAt: string | null;
};

/** A shop's source rows. Instants are ISO texts, so that a day is their first ten characters. */
export type SourceRows = { requests: RequestRow[]; events: EventRow[]; submissions: SubmissionRow[] };

/** For each metric the days it counts something on, a day once for each thing counted. */
const oracle: Record<MetricName, (rows: SourceRows) => (string | null)[]> = {
  requestsSent: (rows) => rows.requests.map((request) => request.sentAt),
  requestsClicked: (rows) =>
    rows.requests.flatMap((request) => request.clickedAt ?? listClickDays(request, rows.events)),
  submissionsCount: (rows) => rows.submissions.map((submission) => submission.submittedAt),
  approvedCount: (rows) => rows.submissions.map((submission) => submission.approvedAt),
  publishedCount: (rows) => rows.submissions.map((submission) => submission.publishedAt),
  videoSubmissionsCount: (rows) => listSubmittedOf(rows, "video"),
  photoSubmissionsCount: (rows) => listSubmittedOf(rows, "photo"),
};

const metricNames = Object.keys(oracle) as MetricName[];

function listClickDays(request: RequestRow, events: EventRow[]): string[] {
  const days = events
    .filter((event) => event.eventType === "clicked")
    .filter((event) => event.requestId === request.id && event.shopId === request.shopId)
    .map((event) => event.eventAt?.slice(0, 10) ?? "");
  return [...new Set(days)].filter((day) => day !== "");
}

function listSubmittedOf(rows: SourceRows, mediaType: string): (string | null)[] {
  return rows.submissions.filter((submission) => submission.mediaType === mediaType).map((row) => row.submittedAt);
}

/** The active days of the rows, each with its seven counts. */
export function countDays(rows: SourceRows): Map<string, Counts> {
  const days = new Map<string, Counts>();
  for (const name of metricNames) {
    for (const instant of oracle[name](rows)) {
      if (instant === null) continue;
      const day = instant.slice(0, 10);
      const counts = days.get(day) ?? { ...zeros };
      counts[name] += 1;
      days.set(day, counts);
    }
  }
  return new Map([...days].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Sums of the days from `from` to `to`, both inclusive. */
export function sumDays(days: Map<string, Counts>, from: string, to: string): Counts {
  const totals = { ...zeros };
  for (const [day, counts] of days) {
    if (day < from || day > to) continue;
    for (const name of metricNames) totals[name] += counts[name];
  }
  return totals;
}

const iso = (column: string) => `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.MS')`;

const readByApp: Query = (sql, values = []) => db.$queryRawUnsafe(sql, ...values);

/** Reads a shop's source rows, just as they are: as another connection sees them, with a `query` of its own. */
export async function readSourceRows(shopId: string, query: Query = readByApp): Promise<SourceRows> {
  const requests = await query<RequestRow>(
    `select id, shop_id as "shopId", ${iso("sent_at")} as "sentAt", ${iso("clicked_at")} as "clickedAt"
     from testimonial_requests where shop_id = $1`,
    [shopId],
  );
  const events = await query<EventRow>(
    `select shop_id as "shopId", request_id as "requestId", event_type as "eventType", ${iso("event_at")} as "eventAt"
     from testimonial_request_events where shop_id = $1`,
    [shopId],
  );
  const submissions = await query<SubmissionRow>(
    `select shop_id as "shopId", media_type as "mediaType", ${iso("submitted_at")} as "submittedAt",
       ${iso("approved_at")} as "approvedAt", ${iso("published_at")} as "publishedAt"
     from testimonial_submissions where shop_id = $1`,
    [shopId],
  );
  return { requests, events, submissions };
}
