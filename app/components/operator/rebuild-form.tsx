import { Form } from "@remix-run/react";
import { findIssue, type Problem } from "~/operator/problem";
import { Check, Field, Send } from "./fields";
import styles from "./operator.module.css";

type RebuildFormProps = { problem?: Problem; entered?: Record<string, string> };

/** Asks which days are counted again. The first button, which the return key presses too, changes nothing. */
export function RebuildForm({ problem, entered = {} }: RebuildFormProps) {
  const { shop, fromDate, toDate, unseal } = entered;
  return (
    <Form method="post" className={styles.form} noValidate>
      <Field
        name="shop"
        label="Shop"
        value={shop}
        error={findIssue(problem, "shopId")}
        hint="Its id or domain; empty: all shops"
      />
      <Field name="fromDate" label="First day" type="date" value={fromDate} error={findIssue(problem, "fromDate")} />
      <Field name="toDate" label="Last day" type="date" value={toDate} error={findIssue(problem, "toDate")} />
      <Check
        name="unseal"
        label="Unseal: count sealed days of the range, and those after it, from their source rows"
        isChecked={unseal === "on"}
      />
      <div className={styles.buttons}>
        <Send intent="dryRun" isPrimary>
          Show what would change
        </Send>
        <Send intent="rebuild">Rebuild</Send>
      </div>
    </Form>
  );
}
