/** More waiting testimonials than these are not counted: of each, its row is looked at. */
export const mostWaiting = 10_000;

/** After how many days a testimonial has waited for long. */
export const longWaitDays = 14;
