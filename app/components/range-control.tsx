import { Link, useLocation, useNavigation } from "@remix-run/react";
import { InlineError, Text } from "@shopify/polaris";
import type { RangeChoice, RangeIssue } from "~/http/range-choice.server";
import { presets, readPreset, toRangeSearch } from "~/report/range";
import { toProblemText } from "~/report/range-problem";
import type { Locale } from "~/texts/locale";
import { CustomRange } from "./custom-range";
import styles from "./range-control.module.css";
import { useLocale } from "./use-locale";

function listLinks({ texts: { range }, formatNumber }: Locale) {
  return [
    ...presets.map((preset) => ({ preset, label: range.days(Number(preset), formatNumber(Number(preset))) })),
    { preset: "custom" as const, label: range.custom },
  ];
}

/** The choice of the days shown. It is links and a form to the page's own address, so that links and Back work. */
export function RangeControl({ choice, dayCount }: { choice: RangeChoice; dayCount: number }) {
  const { shown } = choice;
  const chosen = useChosen(choice);
  const locale = useLocale();
  const { range } = locale.texts;
  return (
    <div className={styles.box}>
      <div className={styles.control}>
        <nav aria-label={range.label} className={styles.presets}>
          {listLinks(locale).map(({ preset, label }) => (
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
          {range.compared(locale.formatDays(shown.from, shown.to), dayCount, locale.formatNumber(dayCount))}
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
function Issue({ issue: { field, problem } }: { issue: RangeIssue }) {
  const locale = useLocale();
  const { range } = locale.texts;
  const message = toProblemText(locale, problem);
  if (field === "range") return <InlineError fieldID="range" message={message} />;
  return (
    <Text as="p" visuallyHidden>
      {range.issue(range[field], message)}
    </Text>
  );
}
