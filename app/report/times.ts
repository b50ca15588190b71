import type { ListedFigure } from "~/components/list-card";
import type { Times } from "~/services/times-sql.server";
import type { Counts } from "~/testimonial-rollup";
import { dash } from "~/texts/formats";
import type { Locale } from "~/texts/locale";

/** Of fewer testimonials than these, a median is said with how many it is of. */
const fewestForMedian = 5;

/** The median times of the testimonials submitted in the range, and what they are of. */
export function toTimes(
  locale: Locale,
  times: Times,
  { submissionsCount }: Counts,
): { note: string; figures: ListedFigure[] } {
  const { times: texts } = locale.texts;
  const isCut = times.looked < submissionsCount;
  return {
    note: isCut
      ? texts.noteOfLatest(locale.formatNumber(times.looked), locale.formatNumber(submissionsCount))
      : texts.note,
    figures: [
      { label: texts.untilSubmitted, ...toTime(locale, times.untilSubmitted) },
      { label: texts.untilApproved, ...toTime(locale, times.untilApproved) },
    ],
  };
}

function toTime(locale: Locale, { count, medianSeconds }: Times["untilApproved"]): Omit<ListedFigure, "label"> {
  const { times: texts } = locale.texts;
  if (medianSeconds === null) return { value: dash, hint: texts.none };
  const hint = count < fewestForMedian ? texts.ofFew(count, locale.formatNumber(count)) : null;
  if (medianSeconds < 60) return { value: locale.texts.change.lessThan(locale.formatDuration(60)), hint };
  return { value: locale.formatDuration(medianSeconds), hint };
}
