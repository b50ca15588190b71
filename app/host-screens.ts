// Screens of the app around the analytics that its pages lead to. An app that takes the pages has its own addresses.

/** Where a merchant decides on the testimonials that are waiting. */
export const moderationUrl = "/app/testimonials?status=pending";
