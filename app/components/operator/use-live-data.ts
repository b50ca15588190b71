import { useRevalidator } from "@remix-run/react";
import { useEffect } from "react";

// Not on the merchants' useFreshOnReturn: a module that both load would be one more file for each of their pages.

/** Reads the page's data again every so often, and when the tab is looked at again. While it is hidden, nothing is read. */
export function useLiveData(everyMs: number): void {
  const { revalidate, state } = useRevalidator();

  useEffect(() => {
    if (state !== "idle") return;
    const timer = setTimeout(() => {
      if (document.visibilityState === "visible") revalidate();
    }, everyMs);
    return () => clearTimeout(timer);
  }, [everyMs, state, revalidate]);

  useEffect(() => {
    function lookAgain(): void {
      if (document.visibilityState === "visible") revalidate();
    }
    document.addEventListener("visibilitychange", lookAgain);
    return () => document.removeEventListener("visibilitychange", lookAgain);
  }, [revalidate]);
}
