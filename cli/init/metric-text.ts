import { getApprovedColumn, type Proposal } from "./propose";

/** A metric of the proposal, as it stands in the definition. */
export type ProposedMetric = { name: string; column: string; text: string };

type Words = { column: string; label: string; counts: string; from: Record<string, string | null> };

/** Null where the schema has nothing that it could be counted from. */
function toMetric(name: string, { column, label, counts, from }: Words): ProposedMetric | null {
  const shares = Object.entries(from).flatMap(([scan, share]) => (share === null ? [] : [`${scan}: ${share}`]));
  if (shares.length === 0) return null;
  const isLong = shares.some((share) => share.includes("\n"));
  const text = `    ${name}: {
      column: "${column}",
      label: "${label}",
      counts: "${counts}",
      from: ${isLong ? `{\n        ${shares.join(",\n        ")},\n      }` : `{ ${shares.join(", ")} }`},
    },`;
  return { name, column, text };
}

function isMetric(metric: ProposedMetric | null): metric is ProposedMetric {
  return metric !== null;
}

/** What happened on a day. */
export function toMetrics({ requests, events, submissions }: Proposal): ProposedMetric[] {
  const { media, published } = submissions;
  const countOf = (isThere: unknown) => (isThere ? "count()" : null);
  const ofMedia = (value: string | null | undefined) =>
    media && value != null ? `count({ ${media.column}: ${JSON.stringify(value)} })` : null;
  return [
    toMetric("requestsSent", {
      column: "requests_sent",
      label: "Requests sent",
      counts: "Requests, on the UTC day they were sent.",
      from: { sent: countOf(requests) },
    }),
    toMetric("requestsClicked", {
      column: "requests_clicked",
      label: "Requests clicked",
      counts: "Requests, on the UTC day they were clicked; without that instant, on each day with a click event.",
      from: {
        clicked: countOf(requests?.clicked),
        clickEvents: requests && events?.clicked != null ? `countDistinct("${events.parent}")` : null,
      },
    }),
    toMetric("submissionsCount", {
      column: "submissions_count",
      label: "Submissions",
      counts: "Testimonials, on the UTC day they were submitted.",
      from: { submitted: "count()" },
    }),
    toMetric("approvedCount", {
      column: "approved_count",
      label: "Approved",
      counts: "Testimonials, on the UTC day they were approved.",
      from: { approved: countOf(getApprovedColumn(submissions)) },
    }),
    toMetric("publishedCount", {
      column: "published_count",
      label: "Published",
      counts: "Testimonials, on the UTC day they were published.",
      from: { published: countOf(published) },
    }),
    toMetric("videoSubmissionsCount", {
      column: "video_submissions_count",
      label: "Video submissions",
      counts: "Testimonials with a video, on the UTC day they were submitted.",
      from: { submitted: ofMedia(media?.video) },
    }),
    toMetric("photoSubmissionsCount", {
      column: "photo_submissions_count",
      label: "Photo submissions",
      counts: "Testimonials with a photo, on the UTC day they were submitted.",
      from: { submitted: ofMedia(media?.photo) },
    }),
  ].filter(isMetric);
}

/** What has become so far of what was sent, or submitted, on a day. A later step stands for those before it. */
export function toCohortMetrics({ requests, events, submissions }: Proposal): ProposedMetric[] {
  const { status, rating, published } = submissions;
  const isSet = (column: string | null | undefined) => (column ? [`{ ${column}: { not: null } }`] : []);
  const hasEvent = (value: string | null | undefined) =>
    events && value != null ? [`{ $has: { request_events: { ${events.type}: ${JSON.stringify(value)} } } }`] : [];
  const countAny = (conditions: string[]) =>
    conditions.length === 0
      ? null
      : `count({\n          $anyOf: [\n${conditions.map((one) => `            ${one},\n`).join("")}          ],\n        })`;
  const approved = getApprovedColumn(submissions);
  const clicked = [...isSet(requests?.answered), ...isSet(requests?.clicked), ...hasEvent(events?.clicked)];
  const opened = hasEvent(events?.opened);
  const isDecided = [approved, published].filter((column) => column !== null).map((column) => `, ${column}: null`);
  const isRated = rating ? `{ ${rating}: { atLeast: 1, atMost: 5 } }` : null;
  const ofSent = (share: string | null) => ({ sent: requests ? share : null });
  return [
    toMetric("sentOpened", {
      column: "sent_opened",
      label: "Opened so far",
      counts: "Of the requests sent on the UTC day, those opened or clicked until now.",
      from: ofSent(opened.length > 0 ? countAny([...clicked, ...opened]) : null),
    }),
    toMetric("sentClicked", {
      column: "sent_clicked",
      label: "Clicked so far",
      counts: "Of the requests sent on the UTC day, those clicked until now.",
      from: ofSent(countAny(clicked)),
    }),
    toMetric("sentSubmitted", {
      column: "sent_submitted",
      label: "Answered so far",
      counts: "Of the requests sent on the UTC day, those answered by a testimonial until now.",
      from: ofSent(requests?.answered ? `count({ ${requests.answered}: { not: null } })` : null),
    }),
    toMetric("submittedApproved", {
      column: "submitted_approved",
      label: "Approved so far",
      counts: "Of the testimonials submitted on the UTC day, those approved until now.",
      from: { submitted: approved ? countAny([...isSet(approved), ...isSet(published)]) : null },
    }),
    toMetric("submittedRejected", {
      column: "submitted_rejected",
      label: "Rejected so far",
      counts: "Of the testimonials submitted on the UTC day, those rejected until now that were never approved.",
      from: {
        submitted:
          status?.rejected != null
            ? `count({ ${status.column}: ${JSON.stringify(status.rejected)}${isDecided.join("")} })`
            : null,
      },
    }),
    toMetric("submittedPublished", {
      column: "submitted_published",
      label: "Published so far",
      counts: "Of the testimonials submitted on the UTC day, those published until now.",
      from: { submitted: published ? `count({ ${published}: { not: null } })` : null },
    }),
    toMetric("ratingsSum", {
      column: "ratings_sum",
      label: "Sum of ratings",
      counts: "The stars of the testimonials submitted on the UTC day, from 1 to 5 each, added up.",
      from: { submitted: isRated && `sum("${rating}", ${isRated})` },
    }),
    toMetric("ratingsCount", {
      column: "ratings_count",
      label: "Ratings",
      counts: "Of the testimonials submitted on the UTC day, those with a rating of 1 to 5 stars.",
      from: { submitted: isRated && `count(${isRated})` },
    }),
  ].filter(isMetric);
}
