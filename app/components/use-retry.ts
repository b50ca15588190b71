import { useRevalidator } from "@remix-run/react";
import { type RefObject, useEffect, useState } from "react";

/**
 * Loads the page's data again because the merchant asks. Where the button goes with the error, `result` gets the focus,
 * which the browser would give to nothing.
 */
export function useRetry(result: RefObject<HTMLElement>): { retry: () => void; isRetrying: boolean } {
  const { revalidate, state } = useRevalidator();
  const [step, setStep] = useState<"none" | "asked" | "loading">("none");
  useEffect(() => {
    if (step === "asked" && state === "loading") setStep("loading");
    if (step !== "loading" || state !== "idle") return;
    setStep("none");
    if (document.activeElement === document.body) result.current?.focus();
  }, [step, state, result]);
  function retry(): void {
    setStep("asked");
    revalidate();
  }
  return { retry, isRetrying: step !== "none" && state === "loading" };
}
