import { Form, useLocation, useNavigation } from "@remix-run/react";
import { Button, TextField } from "@shopify/polaris";
import { useEffect, useId, useRef, useState } from "react";
import type { RangeChoice } from "~/http/range-choice.server";
import { toProblemText } from "~/report/range-problem";
import styles from "./range-control.module.css";
import { useLocale } from "./use-locale";

/** Two days of one's own. The focus stays where it was or, where a day is wrong, goes to its field. */
export function CustomRange({ choice }: { choice: RangeChoice }) {
  const { pathname } = useLocation();
  const { form, expectAnswer } = useFocusAfterAnswer();
  const { range } = useLocale().texts;
  return (
    // The browser's own bubbles would hide the messages, which stay until the days are right.
    <Form
      ref={form}
      method="get"
      action={pathname}
      className={styles.custom}
      onSubmit={expectAnswer}
      noValidate
      preventScrollReset
    >
      <input type="hidden" name="range" value="custom" />
      {choice.compare !== "previous" && <input type="hidden" name="compare" value={choice.compare} />}
      <input type="hidden" name="last" value={`${choice.shown.from}_${choice.shown.to}`} />
      <DayField name="from" label={range.from} choice={choice} />
      <DayField name="to" label={range.to} choice={choice} />
      <div className={styles.apply}>
        <Button submit>{range.apply}</Button>
      </div>
    </Form>
  );
}

type DayFieldProps = { name: "from" | "to"; label: string; choice: RangeChoice };

function DayField({ name, label, choice }: DayFieldProps) {
  const day = choice[name];
  // What is being written counts until another range is shown. A field that is made anew would lose the focus.
  const [draft, setDraft] = useState({ of: day, value: day });
  const id = useId();
  const locale = useLocale();
  const issue = choice.issues.find(({ field }) => field === name);
  return (
    <TextField
      id={id}
      type="date"
      name={name}
      label={label}
      value={draft.of === day ? draft.value : day}
      onChange={(value) => setDraft({ of: day, value })}
      max={choice.today}
      autoComplete="off"
      error={issue && toProblemText(locale, issue.problem)}
    />
  );
}

/**
 * When the answer to the form is there, the first wrong field gets the focus. Where there is none, it is on the button
 * again, which Polaris lets go of after a click. Whoever has gone elsewhere meanwhile stays there.
 */
function useFocusAfterAnswer() {
  const form = useRef<HTMLFormElement>(null);
  const isExpected = useRef(false);
  const { state } = useNavigation();

  useEffect(() => {
    if (state !== "idle" || !isExpected.current) return;
    isExpected.current = false;
    const { activeElement, body } = document;
    const isHere = form.current?.contains(activeElement);
    if (activeElement !== body && !isHere) return;
    const place = isHere ? '[aria-invalid="true"]' : '[aria-invalid="true"], [type="submit"]';
    form.current?.querySelector<HTMLElement>(place)?.focus();
  }, [state]);

  function expectAnswer(): void {
    isExpected.current = true;
  }

  return { form, expectAnswer };
}
