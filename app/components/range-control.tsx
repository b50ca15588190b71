import { Link, useLocation, useNavigation } from "@remix-run/react";
import { InlineError, Text } from "@shopify/polaris";
import type { RangeChoice, RangeIssue } from "~/http/range-choice.server";
import { presets, readPreset, toRangeSearch } from "~/report/range";
import { toDaysText, toNumberText } from "~/report/text";
import { CustomRange } from "./custom-range";
import styles from "./range-control.module.css";

const links = [
  ...presets.map((preset) => ({ preset, label: `${preset} days` })),
  { preset: "custom" as const, label: "Custom" },
];

/** The choice of the days shown. It is links and a form to the page's own address, so that links and Back work. */
export function RangeControl({ choice, dayCount }: { choice: RangeChoice; dayCount: number }) {
  const { shown } = choice;
  const chosen = useChosen(choice);
  return (
    <div className={styles.box}>
      <div className={styles.control}>
        <nav aria-label="Days shown" className={styles.presets}>
          {links.map(({ preset, label }) => (
            <Link
              key={preset}
              to={{ search: toRangeSearch({ preset, shown }) }}
              className={styles.preset}
              aria-current={preset === chosen ? "true" : undefined}
              preventScrollReset
            >
              {label}
            </Link>
          ))}
        </nav>
        <Text as="p" tone="subdued">
          {`${toDaysText(shown.from, shown.to)}, compared with the ${dayCount === 1 ? "day" : `${toNumberText(dayCount)} days`} before`}
        </Text>
      </div>
      <div role="alert">
        {choice.issues.map((issue) => (
          <Issue key={issue.field} issue={issue} />
        ))}
      </div>
      {choice.preset === "custom" && <CustomRange choice={choice} />}
    </div>
  );
}

/** What was tapped is marked before its numbers are there. */
function useChosen({ preset }: RangeChoice): string {
  const { pathname } = useLocation();
  const next = useNavigation().location;
  return next?.pathname === pathname ? readPreset(next.search) : preset;
}

/** Said when it comes up. What is wrong with a day stands at its field; here it is for screen readers alone. */
function Issue({ issue: { field, message } }: { issue: RangeIssue }) {
  if (field === "range") return <InlineError fieldID="range" message={message} />;
  return (
    <Text as="p" visuallyHidden>
      {`${field === "from" ? "From" : "To"}: ${message}`}
    </Text>
  );
}
