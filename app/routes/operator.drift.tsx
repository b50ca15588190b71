import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useActionData } from "@remix-run/react";
import { ChangesTable } from "~/components/operator/changes-table";
import { FormProblem } from "~/components/operator/form-problem";
import { keepShown } from "~/components/operator/keep-shown";
import { NextPage } from "~/components/operator/next-page";
import { OperatorPage } from "~/components/operator/operator-page";
import { Panel, RunLink } from "~/components/operator/parts";
import { VerificationsTable } from "~/components/operator/verifications-table";
import { WorkForm } from "~/components/operator/work-form";
import { type Drift, readDrift } from "~/operator/drift.server";
import { formatInstant } from "~/operator/format";
import { beginWork } from "~/operator/overview.server";
import { actForOperator, loadForOperator } from "~/operator/page.server";

export const meta: MetaFunction = () => [{ title: "Drift · Operator" }];

export const loader = ({ request }: LoaderFunctionArgs) => loadForOperator(request, readDrift);

/** Begins a verification. */
export const action = ({ request }: ActionFunctionArgs) => actForOperator(request, beginWork);

export const clientLoader = keepShown<Drift>();

export default function DriftPage() {
  const failed = useActionData<typeof action>();
  return (
    <OperatorPage<Drift> title="Drift" isRunning={({ runs }) => runs.some(({ status }) => status === "running")}>
      {({ runs, next, shown }) => (
        <>
          <FormProblem problem={failed?.problem} />
          <Panel title="Verify now" beside="Compares stored rows with the source tables, and repairs">
            <WorkForm problem={failed?.problem} entered={failed?.entered} />
          </Panel>
          <Panel title="Verifications" beside="The latest first">
            <VerificationsTable runs={runs} shownId={shown?.run.runId} />
            <NextPage field="before" value={next} />
          </Panel>
          {shown && (
            <Panel
              title={`Found on ${formatInstant(shown.run.startedAt)}`}
              beside={<RunLink runId={shown.run.runId}>All of this verification</RunLink>}
            >
              <ChangesTable
                label="Figures found wrong"
                changes={shown.changes}
                domains={shown.domains}
                empty="Nothing had drifted."
                withAfter
              />
            </Panel>
          )}
        </>
      )}
    </OperatorPage>
  );
}
