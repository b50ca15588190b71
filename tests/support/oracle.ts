import { db } from "~/db.server";
import type { CohortCounts, CohortName, Counts, MetricName } from "~/testimonial-rollup";
import type { Query } from "./process-databases";

// Counts days in plain arrays. It shares the names of the metrics with the code under test, so that a metric without
// an oracle does not compile, and nothing else.

type RequestRow = {
  id: string;
  shopId: string;
  sentAt: string | null;
  clickedAt: string | null;
  submittedAt: string | null;
};
type EventRow = { shopId: string; requestId: string; eventType: string; eventAt: string | null };
type SubmissionRow = {
  shopId: string;
  mediaType: string;
  status: string;
  rating: number | null;
  submittedAt: string | null;
  approvedAt: string | null;
  publishedAt: string | null;
};

/**
 * A shop's source rows. Instants are ISO texts, so that a day is their first ten characters; one that is infinite is on no
 * day.
 */
export type SourceRows = { requests: RequestRow[]; events: EventRow[]; submissions: SubmissionRow[] };

/** The instants of what is counted, one for each thing. */
type Instants = (string | null)[];

/** For each metric of totals the instants that it counts, on their days. */
const totals: Record<MetricName, (rows: SourceRows) => Instants> = {
  requestsSent: (rows) => rows.requests.map((request) => request.sentAt),
  requestsClicked: (rows) =>
    rows.requests.flatMap((request) => request.clickedAt ?? listClickDays(request, rows.events)),
  submissionsCount: (rows) => rows.submissions.map((submission) => submission.submittedAt),
  approvedCount: (rows) => rows.submissions.map((submission) => submission.approvedAt),
  publishedCount: (rows) => rows.submissions.map((submission) => submission.publishedAt),
  videoSubmissionsCount: (rows) => listSubmitted(rows, ({ mediaType }) => mediaType === "video"),
  photoSubmissionsCount: (rows) => listSubmitted(rows, ({ mediaType }) => mediaType === "photo"),
};

/** The same for each metric of a cohort: when the request was sent or the testimonial submitted, whatever came later. */
const cohort: Record<CohortName, (rows: SourceRows) => Instants> = {
  sentOpened: (rows) => listSent(rows, (request) => wasClicked(rows, request) || hasEvent(rows, request, "opened")),
  sentClicked: (rows) => listSent(rows, (request) => wasClicked(rows, request)),
  sentSubmitted: (rows) => listSent(rows, (request) => request.submittedAt !== null),
  submittedApproved: (rows) => listSubmitted(rows, wasApproved),
  submittedRejected: (rows) => listSubmitted(rows, (row) => row.status === "rejected" && !wasApproved(row)),
  submittedPublished: (rows) => listSubmitted(rows, (row) => row.publishedAt !== null),
  ratingsSum: (rows) => rows.submissions.flatMap((row) => Array(getStars(row)).fill(row.submittedAt)),
  ratingsCount: (rows) => listSubmitted(rows, (row) => getStars(row) > 0),
  ratings1: (rows) => listSubmitted(rows, (row) => row.rating === 1),
  ratings2: (rows) => listSubmitted(rows, (row) => row.rating === 2),
  ratings3: (rows) => listSubmitted(rows, (row) => row.rating === 3),
  ratings4: (rows) => listSubmitted(rows, (row) => row.rating === 4),
  ratings5: (rows) => listSubmitted(rows, (row) => row.rating === 5),
};

function listClickDays(request: RequestRow, events: EventRow[]): string[] {
  const days = events
    .filter((event) => event.eventType === "clicked")
    .filter((event) => event.requestId === request.id && event.shopId === request.shopId)
    .map((event) => toDay(event.eventAt) ?? "");
  return [...new Set(days)].filter((day) => day !== "");
}

function listSent({ requests }: SourceRows, isCounted: (request: RequestRow) => boolean): Instants {
  return requests.filter(isCounted).map((request) => request.sentAt);
}

function listSubmitted({ submissions }: SourceRows, isCounted: (submission: SubmissionRow) => boolean): Instants {
  return submissions.filter(isCounted).map((submission) => submission.submittedAt);
}

function wasClicked(rows: SourceRows, request: RequestRow): boolean {
  return request.submittedAt !== null || request.clickedAt !== null || hasEvent(rows, request, "clicked");
}

function hasEvent({ events }: SourceRows, { id, shopId }: RequestRow, type: string): boolean {
  return events.some((event) => event.requestId === id && event.shopId === shopId && event.eventType === type);
}

function wasApproved({ approvedAt, publishedAt }: SubmissionRow): boolean {
  return approvedAt !== null || publishedAt !== null;
}

/** From 1 to 5, or 0 where there is no such rating. */
function getStars({ rating }: SubmissionRow): number {
  return rating !== null && rating >= 1 && rating <= 5 ? rating : 0;
}

function toDay(instant: string | null): string | null {
  return instant === null || instant.endsWith("infinity") ? null : instant.slice(0, 10);
}

/** The active days of the rows, each with its seven counts. */
export function countDays(rows: SourceRows): Map<string, Counts> {
  return count(totals, rows);
}

/** The days of the rows on which a cohort has something to count, each with its counts. */
export function countCohorts(rows: SourceRows): Map<string, CohortCounts> {
  return count(cohort, rows);
}

/** Both together. */
export function countAll(rows: SourceRows): Map<string, Counts & CohortCounts> {
  return count({ ...totals, ...cohort }, rows);
}

function count<Name extends string>(
  of: Record<Name, (rows: SourceRows) => Instants>,
  rows: SourceRows,
): Map<string, Record<Name, number>> {
  const names = Object.keys(of) as Name[];
  const days = new Map<string, Record<Name, number>>();
  for (const name of names) {
    for (const instant of of[name](rows)) {
      const day = toDay(instant);
      if (day === null) continue;
      const counts = days.get(day) ?? makeZeros(names);
      counts[name] += 1;
      days.set(day, counts);
    }
  }
  return new Map([...days].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function makeZeros<Name extends string>(names: Name[]): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
}

/** Sums of the days from `from` to `to`, both inclusive. */
export function sumDays(days: Map<string, Counts>, from: string, to: string): Counts {
  return sum(Object.keys(totals) as MetricName[], days, from, to);
}

/** The same of cohorts. */
export function sumCohorts(days: Map<string, CohortCounts>, from: string, to: string): CohortCounts {
  return sum(Object.keys(cohort) as CohortName[], days, from, to);
}

function sum<Name extends string>(
  names: Name[],
  days: Map<string, Record<Name, number>>,
  from: string,
  to: string,
): Record<Name, number> {
  const sums = makeZeros(names);
  for (const [day, counts] of days) {
    if (day < from || day > to) continue;
    for (const name of names) sums[name] += counts[name];
  }
  return sums;
}

const iso = (column: string) =>
  `case when isfinite(${column}) then to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.MS') else ${column}::text end`;

const readByApp: Query = (sql, values = []) => db.$queryRawUnsafe(sql, ...values);

/** Reads a shop's source rows, just as they are: as another connection sees them, with a `query` of its own. */
export async function readSourceRows(shopId: string, query: Query = readByApp): Promise<SourceRows> {
  const requests = await query<RequestRow>(
    `select id, shop_id as "shopId", ${iso("sent_at")} as "sentAt", ${iso("clicked_at")} as "clickedAt",
       ${iso("submitted_at")} as "submittedAt"
     from testimonial_requests where shop_id = $1`,
    [shopId],
  );
  const events = await query<EventRow>(
    `select shop_id as "shopId", request_id as "requestId", event_type as "eventType", ${iso("event_at")} as "eventAt"
     from testimonial_request_events where shop_id = $1`,
    [shopId],
  );
  const submissions = await query<SubmissionRow>(
    `select shop_id as "shopId", media_type as "mediaType", status, rating::float8 as rating, ${iso("submitted_at")} as "submittedAt",
       ${iso("approved_at")} as "approvedAt", ${iso("published_at")} as "publishedAt"
     from testimonial_submissions where shop_id = $1`,
    [shopId],
  );
  return { requests, events, submissions };
}
