import { useLocation, useMatches } from "@remix-run/react";
import type { RangeChoice } from "~/http/range-choice.server";
import { toPageUrl } from "~/report/range";

/** Makes the addresses of links to the app's other pages: they show the days that this one shows. */
export function usePageUrl(): (path: string) => string {
  const { search } = useLocation();
  const choice = useShownData()?.choice ?? null;
  return (path) => toPageUrl(path, search, choice);
}

/** `failure`: of the last load, after which the numbers of the one before stay. */
type ShownData = { choice: RangeChoice; state: string; failure?: unknown };

/** What the page shown was given about its range, or null for one without numbers. */
export function useShownData(): ShownData | null {
  const data = useMatches().at(-1)?.data as Partial<ShownData> | null | undefined;
  return data?.choice ? (data as ShownData) : null;
}
