import { useEffect, useState } from "react";
import { flushSync } from "react-dom";

/** True while the page is being printed. What depends on it is there before the browser takes the page. */
export function usePrinting(): boolean {
  const [isPrinting, setPrinting] = useState(false);
  useEffect(() => {
    const media = window.matchMedia("print");
    const show = (value: boolean) => flushSync(() => setPrinting(value));
    const begin = () => show(true);
    const end = () => show(false);
    const follow = () => show(media.matches);
    // Firefox prints a copy of the page, whose media are not this one's; others tell of either.
    window.addEventListener("beforeprint", begin);
    window.addEventListener("afterprint", end);
    media.addEventListener("change", follow);
    return () => {
      window.removeEventListener("beforeprint", begin);
      window.removeEventListener("afterprint", end);
      media.removeEventListener("change", follow);
    };
  }, []);
  return isPrinting;
}
