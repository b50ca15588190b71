import { type Counts, toCounts } from "~/testimonial-rollup";

export const zeros: Counts = toCounts(() => 0);

/** The counts given, and zero for the rest. */
export function countsOf(counts: Partial<Counts>): Counts {
  return { ...zeros, ...counts };
}
