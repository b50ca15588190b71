import { Form, Link, useLocation } from "@remix-run/react";
import { Button, InlineError, Text, TextField } from "@shopify/polaris";
import { useId, useState } from "react";
import type { RangeChoice, RangeIssue } from "~/http/range-choice.server";
import { toRangeSearch } from "~/report/range";
import { toDaysText, toNumberText } from "~/report/text";
import styles from "./range-control.module.css";

const presets = [
  { preset: "7", label: "7 days" },
  { preset: "30", label: "30 days" },
  { preset: "90", label: "90 days" },
  { preset: "custom", label: "Custom" },
] as const;

/** The choice of the days shown. It is links and a form to the page's own address, so that links and Back work. */
export function RangeControl({ choice, dayCount }: { choice: RangeChoice; dayCount: number }) {
  const { shown } = choice;
  const rangeIssue = toMessage(choice.issues, "range");
  return (
    <div className={styles.box}>
      <div className={styles.control}>
        <nav aria-label="Days shown" className={styles.presets}>
          {presets.map(({ preset, label }) => (
            <Link
              key={preset}
              to={{ search: toRangeSearch({ preset, shown }) }}
              className={styles.preset}
              aria-current={preset === choice.preset ? "true" : undefined}
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
      {rangeIssue && <InlineError fieldID="range" message={rangeIssue} />}
      {choice.preset === "custom" && <CustomRange key={`${choice.from} ${choice.to}`} choice={choice} />}
    </div>
  );
}

function CustomRange({ choice }: { choice: RangeChoice }) {
  const { pathname } = useLocation();
  return (
    <Form method="get" action={pathname} className={styles.custom} preventScrollReset>
      <input type="hidden" name="range" value="custom" />
      <input type="hidden" name="last" value={`${choice.shown.from}_${choice.shown.to}`} />
      <DayField name="from" label="From" day={choice.from} issues={choice.issues} />
      <DayField name="to" label="To" day={choice.to} issues={choice.issues} />
      <div className={styles.apply}>
        <Button submit>Apply</Button>
      </div>
    </Form>
  );
}

type DayFieldProps = { name: string; label: string; day: string; issues: RangeIssue[] };

function DayField({ name, label, day, issues }: DayFieldProps) {
  const [value, setValue] = useState(day);
  const id = useId();
  return (
    <TextField
      id={id}
      type="date"
      name={name}
      label={label}
      value={value}
      onChange={setValue}
      autoComplete="off"
      error={toMessage(issues, name)}
    />
  );
}

function toMessage(issues: RangeIssue[], field: string): string | undefined {
  const issue = issues.find((one) => one.field === field);
  return issue && `${issue.message.charAt(0).toUpperCase()}${issue.message.slice(1)}.`;
}
