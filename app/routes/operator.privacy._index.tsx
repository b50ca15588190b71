import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, useSearchParams } from "@remix-run/react";
import { Field, Send } from "~/components/operator/fields";
import { keepShown } from "~/components/operator/keep-shown";
import styles from "~/components/operator/operator.module.css";
import { OperatorPage } from "~/components/operator/operator-page";
import { Badge, Facts, Panel, Quiet } from "~/components/operator/parts";
import { PrivacyTable } from "~/components/operator/privacy-table";
import { formatCount, formatInstant } from "~/operator/format";
import { loadForOperator } from "~/operator/page.server";
import { type Register, readRegister } from "~/operator/privacy.server";

export const meta: MetaFunction = () => [{ title: "Privacy · Operator" }];

export const loader = ({ request }: LoaderFunctionArgs) => loadForOperator(request, readRegister);

export const clientLoader = keepShown<Register>();

/** The register holds no personal data, and stays when a shop is erased: it is the proof of what was done. */
export default function PrivacyPage() {
  const [query] = useSearchParams();
  return (
    <OperatorPage<Register>
      title="Privacy requests"
      above={
        <Panel title="Search">
          <Form method="get" className={styles.inline}>
            <Field name="shop" label="Shop" value={query.get("shop") ?? ""} placeholder="acme.myshopify.com" />
            <Send>Search</Send>
          </Form>
        </Panel>
      }
    >
      {({ totals, open, closed, hasMore }) => (
        <>
          <Panel title="Open" beside={totals.overdue > 0 && <Badge tone="bad">{`${totals.overdue} overdue`}</Badge>}>
            <Facts
              items={[
                ["Open in all", formatCount(totals.open)],
                ["Oldest received", totals.oldestReceivedAt && formatInstant(totals.oldestReceivedAt)],
              ]}
            />
            <PrivacyTable label="Open requests" requests={open} empty="Nothing is open." />
          </Panel>
          <Panel title="Done" beside="The latest first">
            <PrivacyTable label="Requests that are done" requests={closed} empty="None yet." />
            {hasMore && <Quiet>{`The latest ${closed.length}. Search by shop for older ones.`}</Quiet>}
          </Panel>
        </>
      )}
    </OperatorPage>
  );
}
