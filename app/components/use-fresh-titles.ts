import { useRevalidator } from "@remix-run/react";
import { useEffect, useRef } from "react";

const delayMs = 2_000;

/**
 * Reads the page's data again soon after it came without titles that are on their way: once for the `awaited` products,
 * so that a page whose titles never come asks for them no more. A tab that nobody sees waits until it is seen, which
 * `useFreshOnReturn` notices.
 */
export function useFreshTitles(awaited: string): void {
  const { revalidate } = useRevalidator();
  const asked = useRef(new Set<string>());
  useEffect(() => {
    if (awaited === "" || asked.current.has(awaited)) return;
    const timer = setTimeout(() => {
      asked.current.add(awaited);
      if (document.visibilityState === "visible") revalidate();
    }, delayMs);
    return () => clearTimeout(timer);
  }, [awaited, revalidate]);
}
