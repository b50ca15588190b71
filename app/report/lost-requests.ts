import type { ListedFigure } from "~/components/list-card";
import type { LostRequests } from "~/services/lost-requests-sql.server";
import type { Locale } from "~/texts/locale";

/** How many requests failed or expired, ready to be shown: nothing where none did. */
export function toLostFigures(locale: Locale, { failed, expired }: LostRequests): ListedFigure[] {
  if (failed + expired === 0) return [];
  const { lostRequests: texts } = locale.texts;
  return [
    { label: texts.failed, value: locale.formatNumber(failed), hint: null },
    { label: texts.expired, value: locale.formatNumber(expired), hint: null },
  ];
}
