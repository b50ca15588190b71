import { type RefObject, useEffect, useRef, useState } from "react";

/** Whether a `<details>` was ever open: what is in it need not be in the page before, and stays from then on. */
export function useOpened(): { details: RefObject<HTMLDetailsElement>; wasOpened: boolean; onToggle: () => void } {
  const details = useRef<HTMLDetailsElement>(null);
  const [wasOpened, setWasOpened] = useState(false);

  function onToggle(): void {
    if (details.current?.open) setWasOpened(true);
  }

  // It may have been opened before the page's script was there to hear of it.
  useEffect(onToggle, []);

  return { details, wasOpened, onToggle };
}
