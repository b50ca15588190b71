import { Text } from "@shopify/polaris";
import type { Change } from "~/report/figure";
import styles from "./report.module.css";

const arrows = { up: "M5 9V1M1.5 4.5 5 1l3.5 3.5", down: "M5 1v8M1.5 5.5 5 9l3.5-3.5", level: "M1 5h8", none: null };

/** A change in words, with an arrow that says the same. Of no colour: a fall is no error. */
export function ChangeText({ change }: { change: Change }) {
  const arrow = arrows[change.direction];
  return (
    <Text as="p" variant="bodySm" tone="subdued">
      <span data-shape>
        {arrow && (
          <svg viewBox="0 0 10 10" className={styles.arrow} aria-hidden="true" focusable="false">
            <path d={arrow} />
          </svg>
        )}
        <span>{change.text}</span>
      </span>
    </Text>
  );
}
