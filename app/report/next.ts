import { longWaitingUrl, lowRatingsUrl, moderationUrl, requestsUrl } from "~/host-screens";
import type { DashboardNumbers } from "~/services/dashboard.server";
import { longWaitDays, mostWaiting } from "~/services/waiting";
import type { Locale } from "~/texts/locale";
import { findFall } from "./falls";

/** A sentence about something to do, and the screen where it is done. */
export type NextItem = { sentence: string; link: string; url: string };

type Numbers = { weeks: DashboardNumbers["weeks"]; extras: Pick<DashboardNumbers["extras"], "waiting"> };

/** What there is to do in a shop, ready to be shown: nothing where nothing is. */
export function toNextItems(locale: Locale, { weeks, extras }: Numbers): NextItem[] {
  return [...listWaiting(locale, extras.waiting), ...listFalls(locale, weeks)];
}

function listWaiting(locale: Locale, { count, long, lowRated }: Numbers["extras"]["waiting"]): NextItem[] {
  const { next } = locale.texts;
  const isCut = count > mostWaiting;
  function toText(counted: number): string {
    const text = locale.formatNumber(Math.min(counted, mostWaiting));
    return isCut ? next.atLeast(text) : text;
  }
  const days = locale.formatNumber(longWaitDays);
  const all = { sentence: next.waiting(count, toText(count)), link: next.moderate, url: moderationUrl };
  const old = { sentence: next.longWaiting(long, toText(long), days), link: next.seeLongWaiting, url: longWaitingUrl };
  const low = { sentence: next.lowRated(lowRated, toText(lowRated)), link: next.seeLowRated, url: lowRatingsUrl };
  return [...(count > 0 ? [all] : []), ...(long > 0 ? [old] : []), ...(lowRated > 0 ? [low] : [])];
}

function listFalls(locale: Locale, weeks: Numbers["weeks"]): NextItem[] {
  const fall = weeks && findFall(weeks.recent, weeks.before);
  if (fall === null) return [];
  const { next } = locale.texts;
  const [now, usual] = [locale.formatNumber(fall.recent), locale.formatNumber(Math.round(fall.usual))];
  return [{ sentence: next.fell[fall.of](now, usual), link: next.seeRequests, url: requestsUrl }];
}
