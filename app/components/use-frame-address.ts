import { useLocation } from "@remix-run/react";
import { useEffect, useRef } from "react";

/**
 * Without these the server can't open a page in the admin's frame, since it would not know whose frame it is, or not in
 * the merchant's language.
 */
const names = ["shop", "host", "embedded", "locale"];

/**
 * Keeps in the frame's address what the admin put there, wherever the app goes by links, forms and buttons, so that the
 * frame can be loaded anew at each of its addresses. It changes what the browser reloads and not what the app reads.
 */
export function useFrameAddress(): void {
  const location = useLocation();
  const known = useRef(new Map<string, string>());
  // biome-ignore lint/correctness/useExhaustiveDependencies: it runs after each navigation, whose address is the window's.
  useEffect(() => {
    const url = new URL(window.location.href);
    for (const name of names) {
      const value = url.searchParams.get(name);
      if (value) known.current.set(name, value);
    }
    const lost = [...known.current].filter(([name]) => !url.searchParams.get(name));
    if (lost.length === 0) return;
    for (const [name, value] of lost) url.searchParams.set(name, value);
    window.history.replaceState(window.history.state, "", url);
  }, [location]);
}
