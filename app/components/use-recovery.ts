import { useRevalidator } from "@remix-run/react";
import { useEffect } from "react";

const firstDelayMs = 5_000;
const longestDelayMs = 120_000;

/**
 * After `failures` loads in a row that failed, loads the page's data again: when the network is back, and else after a
 * while that doubles each time. A tab that nobody sees waits until it is seen, which `useFreshOnReturn` notices.
 */
export function useRecovery(failures: number): void {
  const { revalidate } = useRevalidator();
  useEffect(() => {
    if (failures === 0) return;
    const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - 1));
    // Not all pages in the same moment, where a server was away for all of them.
    const timer = setTimeout(lookAgain, delayMs * (0.75 + Math.random() / 2));
    function lookAgain(): void {
      if (document.visibilityState === "visible") revalidate();
    }
    window.addEventListener("online", lookAgain);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("online", lookAgain);
    };
  }, [failures, revalidate]);
}
