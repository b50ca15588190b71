import type { Counts } from "~/testimonial-rollup";

export const zeros: Counts = {
  requestsSent: 0,
  requestsClicked: 0,
  submissionsCount: 0,
  approvedCount: 0,
  publishedCount: 0,
  videoSubmissionsCount: 0,
  photoSubmissionsCount: 0,
};

/** The counts given, and zero for the rest. */
export function countsOf(counts: Partial<Counts>): Counts {
  return { ...zeros, ...counts };
}
