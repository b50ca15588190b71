import { useSearchParams } from "@remix-run/react";
import { type RefObject, useEffect, useRef } from "react";

const field = "figure";

/** The id of the trend's heading. */
export const trendId = "trend";

/** The address that shows the trend of a figure. `toPageUrl` adds the days to a path. */
export function toTrendUrl(toPageUrl: (path: string) => string, key: string): string {
  return `${toPageUrl(`/app/testimonials/analytics?${field}=${key}`)}#${trendId}`;
}

/**
 * The key of the figure in the page's address, or null where it names none. Where it names one, the merchant came for it
 * and `heading` gets the focus. Scrolling is left to the address's fragment: so Back and a reload return to where the page
 * was left.
 */
export function useFigureInAddress(): { figure: string | null; heading: RefObject<HTMLDivElement> } {
  const [search] = useSearchParams();
  const figure = search.get(field);
  const heading = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (figure !== null) heading.current?.focus();
  }, [figure]);
  return { figure, heading };
}
