import { useRevalidator } from "@remix-run/react";
import { useEffect } from "react";

/** Reads the page's data again when the merchant comes back to its tab, so that nobody trusts this morning's numbers. */
export function useFreshOnReturn(): void {
  const { revalidate } = useRevalidator();
  useEffect(() => {
    function lookAgain(): void {
      if (document.visibilityState === "visible") revalidate();
    }
    document.addEventListener("visibilitychange", lookAgain);
    return () => document.removeEventListener("visibilitychange", lookAgain);
  }, [revalidate]);
}
