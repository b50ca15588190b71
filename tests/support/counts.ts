import { type CohortCounts, type Counts, cohortNames, metricNames } from "~/testimonial-rollup";

export const zeros = Object.fromEntries(metricNames.map((name) => [name, 0])) as Counts;
export const noCohort = Object.fromEntries(cohortNames.map((name) => [name, 0])) as CohortCounts;

/** The counts given, and zero for the rest. */
export function countsOf(counts: Partial<Counts>): Counts {
  return { ...zeros, ...counts };
}

/** The same of a cohort. */
export function cohortOf(counts: Partial<CohortCounts>): CohortCounts {
  return { ...noCohort, ...counts };
}

/** Both together, as daily rows have them. */
export function allCountsOf(counts: Partial<Counts & CohortCounts>): Counts & CohortCounts {
  return { ...zeros, ...noCohort, ...counts };
}
