/**
 * What begins a statement that is asked so often, and is so short, that parsing and planning are most of its time. An adapter
 * may let a connection of its own keep the plan; for any other it is a comment.
 */
export const planOnce = "/* plan once */";
