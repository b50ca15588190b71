import { Form } from "@remix-run/react";
import { findIssue, type Problem } from "~/operator/problem";
import { Field, Send } from "./fields";
import styles from "./operator.module.css";

type WorkFormProps = { problem?: Problem; entered?: Record<string, string>; withRun?: boolean };

/** Begins a verification or, where the page has it, a run. Both go on when the page is left. */
export function WorkForm({ problem, entered, withRun = false }: WorkFormProps) {
  return (
    <div className={styles.list}>
      {withRun && (
        <Form method="post" className={styles.inline}>
          <Send intent="run" isPrimary>
            Run now
          </Send>
          <span className={styles.aside}>Recounts what is marked, today and yesterday.</span>
        </Form>
      )}
      <Form method="post" className={styles.inline} noValidate>
        <Field
          name="sample"
          label="Shops by chance"
          hint="Empty: all shops, all days"
          value={entered?.sample}
          error={findIssue(problem, "sample")}
        />
        <Send intent="verify" isPrimary={!withRun}>
          Verify now
        </Send>
      </Form>
    </div>
  );
}
