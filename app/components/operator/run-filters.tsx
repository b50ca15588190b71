import { Form, useSearchParams } from "@remix-run/react";
import { kindWords, statusWords } from "~/operator/words";
import { Choice, Field, Send } from "./fields";
import styles from "./operator.module.css";

const kinds = Object.entries(kindWords);
const statuses = Object.entries(statusWords).map(([status, { text }]): [string, string] => [status, text]);

/** Which runs are listed. The address has it, so that it can be kept and sent. */
export function RunFilters() {
  const [query] = useSearchParams();
  return (
    <Form method="get" className={styles.inline}>
      <Choice name="kind" label="Kind" value={query.get("kind") ?? ""} options={[["", "All kinds"], ...kinds]} />
      <Choice
        name="status"
        label="Status"
        value={query.get("status") ?? ""}
        options={[["", "Any status"], ...statuses]}
      />
      <Field
        name="shop"
        label="Runs of one shop alone"
        value={query.get("shop") ?? ""}
        placeholder="Its id or domain"
      />
      <Send>Filter</Send>
    </Form>
  );
}
