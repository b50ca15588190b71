// Screens of the testimonial app that the pages of its analytics lead to. Another app has its own addresses.

/** Where a merchant decides on the testimonials that are waiting. Here a page holds its place: app.testimonials._index. */
export const moderationUrl = "/app/testimonials?status=pending";
