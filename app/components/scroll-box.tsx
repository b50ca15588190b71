import { type ReactNode, useEffect, useRef, useState } from "react";
import styles from "./table.module.css";

/** A named box that scrolls sideways where its content is wider. While it does, the keyboard can reach it. */
export function ScrollBox({ label, children }: { label: string; children: ReactNode }) {
  const box = useRef<HTMLElement>(null);
  const [doesScroll, setDoesScroll] = useState(false);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      const { scrollWidth, clientWidth, scrollHeight, clientHeight } = element;
      setDoesScroll(scrollWidth > clientWidth || scrollHeight > clientHeight);
    });
    for (const sized of [element, ...element.children]) observer.observe(sized);
    return () => observer.disconnect();
  }, []);

  return (
    <section ref={box} className={styles.scroll} aria-label={label} tabIndex={doesScroll ? 0 : undefined}>
      {children}
    </section>
  );
}
