import type { en } from "./en";

/** All that a merchant reads, in one language. English says which entries there are: one without them doesn't compile. */
export type Texts = typeof en;
