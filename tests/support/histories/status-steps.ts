import fc from "fast-check";
import { anyItem, eventTypes, mediaTypes, ratings, statuses } from "./insert-steps";
import { noonOf } from "./instants";
import { toUpdate } from "./sql";
import { toStep } from "./step";
import { getRequest, pick } from "./world";

// Edits of what a row is, not of when it was.

export const changeStatus = toStep(
  "change a status",
  fc.record({ row: anyItem, status: fc.constantFrom("approved", ...statuses) }),
  async (world, session, { row, status }) => {
    const submission = pick(world.submissions, row);
    if (!submission) return false;
    await session.execute(toUpdate("submissions", submission.id, { status }));
    // Newly approved without a time: it is now.
    if (status === "approved" && submission.status !== status) submission.approvedAt ??= noonOf(world.today);
    submission.status = status;
    return true;
  },
);

export const withdrawApproval = toStep("withdraw an approval", anyItem, async (world, session, row) => {
  const approved = world.submissions.filter((candidate) => candidate.approvedAt !== null);
  const submission = pick(approved, row);
  if (!submission) return false;
  await session.execute(toUpdate("submissions", submission.id, { status: "pending", approved_at: null }));
  Object.assign(submission, { status: "pending", approvedAt: null });
  return true;
});

export const changeMedia = toStep(
  "change a media type",
  fc.record({ row: anyItem, media: fc.constantFrom(...mediaTypes) }),
  async (world, session, { row, media }) => {
    const submission = pick(world.submissions, row);
    if (!submission) return false;
    await session.execute(toUpdate("submissions", submission.id, { media_type: media }));
    submission.media = media;
    return true;
  },
);

export const changeRating = toStep(
  "change a rating",
  fc.record({ row: anyItem, rating: fc.constantFrom(...ratings) }),
  async (world, session, { row, rating }) => {
    const submission = pick(world.submissions, row);
    if (!submission) return false;
    await session.execute(toUpdate("submissions", submission.id, { rating: rating === null ? null : String(rating) }));
    submission.rating = rating;
    return true;
  },
);

export const editEvent = toStep(
  "edit an event",
  fc.record({ row: anyItem, type: fc.option(fc.constantFrom(...eventTypes)), request: fc.option(anyItem) }),
  async (world, session, plan) => {
    const event = pick(world.events, plan.row);
    if (!event) return false;
    const request = plan.request === null ? undefined : pick(world.requests, plan.request);
    const type = plan.type ?? event.type;
    const requestKey = request?.key ?? event.request;
    await session.execute(
      toUpdate("events", event.id, { event_type: type, request_id: getRequest(world, requestKey).id }),
    );
    Object.assign(event, { type, request: requestKey });
    return true;
  },
);
