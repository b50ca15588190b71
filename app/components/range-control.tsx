import { Link, useLocation, useNavigation } from "@remix-run/react";
import { InlineError, Text } from "@shopify/polaris";
import type { RangeChoice, RangeIssue } from "~/http/range-choice.server";
import { comparisons, type Preset, presets, toSearchWithRange } from "~/report/range";
import { toProblemText } from "~/report/range-problem";
import type { Locale } from "~/texts/locale";
import { CustomRange } from "./custom-range";
import styles from "./range-control.module.css";
import { useLocale } from "./use-locale";

/** The choice of the days shown. It is links and a form to the page's own address, so that links and Back work. */
export function RangeControl({ choice }: { choice: RangeChoice }) {
  const { shown, compare, preset } = choice;
  const { search } = useLocation();
  const chosen = useChosen(choice);
  const locale = useLocale();
  const { range } = locale.texts;
  return (
    <div className={styles.box}>
      <div className={styles.control}>
        <nav aria-label={range.label} className={styles.presets}>
          {[...presets, "custom" as const].map((one) => (
            <Choice
              key={one}
              search={toSearchWithRange(search, { preset: one, shown, compare })}
              label={toPresetText(locale, one)}
              isChosen={one === chosen.preset}
            />
          ))}
        </nav>
        <nav aria-label={range.compareLabel} className={styles.presets}>
          {comparisons.map((one) => (
            <Choice
              key={one}
              search={toSearchWithRange(search, { preset, shown, compare: one })}
              label={range[one]}
              isChosen={one === chosen.compare}
            />
          ))}
        </nav>
      </div>
      <div className={styles.days}>
        <Text as="p" tone="subdued">
          {toDaysText(locale, choice)}
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

function Choice({ search, label, isChosen }: { search: string; label: string; isChosen: boolean }) {
  return (
    <Link to={{ search }} className={styles.preset} aria-current={isChosen ? "true" : undefined} preventScrollReset>
      {label}
    </Link>
  );
}

function toPresetText({ texts: { range }, formatNumber }: Locale, preset: Preset | "custom"): string {
  if (preset === "12m") return range.months;
  if (preset === "7" || preset === "30" || preset === "90") {
    return range.days(Number(preset), formatNumber(Number(preset)));
  }
  return range[preset];
}

/** Which days are shown and, of those that are over, what they are compared with. */
function toDaysText({ texts: { range }, formatDays }: Locale, { shown, whole, before }: RangeChoice): string {
  const days = formatDays(shown.from, shown.to);
  const isOpen = whole?.to !== shown.to;
  if (!whole || !before) return isOpen ? range.soFar(days) : days;
  const compared = formatDays(before.from, before.to);
  return isOpen
    ? range.wholeCompared(days, formatDays(whole.from, whole.to), compared)
    : range.compared(days, compared);
}

/** What was tapped is marked before its numbers are there. */
function useChosen({ preset, compare }: RangeChoice): { preset: string; compare: string } {
  const { pathname } = useLocation();
  const next = useNavigation().location;
  const query = new URLSearchParams(next?.pathname === pathname ? next.search : "");
  const asked = query.get("range");
  return asked === null ? { preset, compare } : { preset: asked, compare: query.get("compare") ?? "previous" };
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
