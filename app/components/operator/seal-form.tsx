import { Form } from "@remix-run/react";
import { findIssue, type Problem } from "~/operator/problem";
import { Field, Send } from "./fields";
import styles from "./operator.module.css";

type SealFormProps = { problem?: Problem; entered?: Record<string, string> };

/** Asks which days are sealed. The first button changes nothing. */
export function SealForm({ problem, entered = {} }: SealFormProps) {
  return (
    <Form method="post" className={styles.form} noValidate>
      <Field
        name="shop"
        label="Shop"
        value={entered.shop}
        error={findIssue(problem, "shopId")}
        hint="Its id or domain; empty: all shops"
      />
      <Field
        name="before"
        label="All days before"
        type="date"
        value={entered.before}
        error={findIssue(problem, "before")}
      />
      <div className={styles.buttons}>
        <Send intent="dryRun" isPrimary>
          Show what would be sealed
        </Send>
        <Send intent="seal">Seal</Send>
      </div>
    </Form>
  );
}
