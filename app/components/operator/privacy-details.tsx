import { Form } from "@remix-run/react";
import { formatCount, formatInstant } from "~/operator/format";
import { operatorPath } from "~/operator/paths";
import type { Registered } from "~/operator/privacy.server";
import { Send } from "./fields";
import styles from "./operator.module.css";
import { Facts, Panel, Quiet } from "./parts";
import { OutcomeBadge, toTopicText } from "./privacy-table";
import { Table } from "./table";

/** One request of the register: what was asked, what became of it, and the rows that it found or erased. */
export function PrivacyDetails({ request }: { request: Registered }) {
  const { topic, outcome } = request;
  const isDataRequest = topic === "customers/data_request";
  return (
    <>
      <Panel title={toTopicText(topic)} beside={<OutcomeBadge outcome={outcome} />}>
        <Facts
          items={[
            ["Request", request.id],
            ["Topic", topic],
            ["Shop", request.shopDomain],
            ["Made, by Shopify's clock", request.triggeredAt && formatInstant(request.triggeredAt)],
            ["Received", formatInstant(request.receivedAt)],
            ["Due", request.handledAt ? null : formatInstant(request.dueAt)],
            ["Done", request.handledAt && formatInstant(request.handledAt)],
            ["Shopify's number", request.dataRequestId],
            ["Webhook", request.webhookId],
          ]}
        />
      </Panel>
      <Panel title={isDataRequest ? "Rows found" : "Rows erased"}>
        <Table
          label={isDataRequest ? "Rows found" : "Rows erased"}
          columns={[{ title: "Table" }, { title: "Rows", kind: "number" }]}
          rows={Object.entries(request.rowCounts).map(([table, rows]) => ({
            key: table,
            cells: [table, formatCount(rows)],
          }))}
          empty={outcome === "pending" ? "None yet." : "None."}
        />
      </Panel>
      {isDataRequest && outcome === "pending" && <DataRequest id={request.id} />}
    </>
  );
}

/** The customer's data is read when it is asked for, and no page shows it. */
function DataRequest({ id }: { id: string }) {
  return (
    <Panel title="What there is to do">
      <Quiet>
        Send the data to the owner of the shop, then close the request. From then on nothing leads to the customer any
        more, so keep what you send until you have sent it.
      </Quiet>
      <div className={styles.inline}>
        <a className={styles.button} href={`${operatorPath}/privacy/${encodeURIComponent(id)}/data`} download>
          Download the data
        </a>
        <Form method="post">
          <Send isPrimary>The data is sent: close</Send>
        </Form>
      </div>
    </Panel>
  );
}
