import type { CohortCounts, CohortName, RangeNumbers } from "~/testimonial-rollup";
import type { Locale } from "~/texts/locale";
import { isFew, toShareText } from "./figure";
import { toShare } from "./share";

/** The ratings of a range, ready to be shown: `average` is null where there is none. */
export type Ratings = { average: string | null; note: string; unrated: string | null; rows: StarsRow[] };

/** How many ratings have so many stars. `share`: of 1; `shareText` is null where there are too few for percentages. */
export type StarsRow = { label: string; value: string; share: number; shareText: string | null };

const mostStars = 5;

const starMetrics = [
  [5, "ratings5"],
  [4, "ratings4"],
  [3, "ratings3"],
  [2, "ratings2"],
  [1, "ratings1"],
] as const satisfies [number, CohortName][];

/** The average and the spread of the ratings of the testimonials submitted in the range. */
export function toRatings(locale: Locale, { totals, cohort }: Pick<RangeNumbers, "totals" | "cohort">): Ratings {
  const { ratings: texts } = locale.texts;
  const { ratingsSum, ratingsCount } = cohort;
  const unrated = totals.submissionsCount - ratingsCount;
  return {
    ...{ average: null, note: texts.none, rows: [] },
    ...(ratingsCount > 0 && {
      average: texts.average(locale.formatSize(ratingsSum / ratingsCount), locale.formatNumber(mostStars)),
      note: texts.of(ratingsCount, locale.formatNumber(ratingsCount)),
      rows: starMetrics.map(([stars, name]) => toRow(locale, stars, cohort[name], cohort)),
    }),
    unrated: unrated > 0 ? texts.unrated(unrated, locale.formatNumber(unrated)) : null,
  };
}

function toRow(locale: Locale, stars: number, count: number, { ratingsCount }: CohortCounts): StarsRow {
  const { ratings: texts } = locale.texts;
  const share = toShare(count, ratingsCount) ?? 0;
  const [label, value] = [texts.stars(stars, locale.formatNumber(stars)), locale.formatNumber(count)];
  const shareText = toShareText(locale, count, ratingsCount);
  return isFew(ratingsCount) ? { label, value: shareText, share, shareText: null } : { label, value, share, shareText };
}
