import { longWaitDays } from "./services/waiting";

// Screens of the testimonial app that the pages of its analytics lead to. Another app has its own addresses. Here one page
// holds the place of all of them: app.testimonials._index.

/** Where a merchant decides on the testimonials that are waiting. */
export const moderationUrl = "/app/testimonials?status=pending";

/** The same of those that have waited for more than so many days. */
export const longWaitingUrl = `${moderationUrl}&waiting=${longWaitDays}`;

/** The same of those with a rating of 1 or 2 stars. */
export const lowRatingsUrl = `${moderationUrl}&rating=1,2`;

/** Where a merchant sees the requests that were sent, and what became of them. */
export const requestsUrl = "/app/testimonials?screen=requests";

/** Where a merchant sends requests. */
export const sendRequestsUrl = "/app/testimonials?screen=send";
