import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useActionData } from "@remix-run/react";
import { FailingPanel, FreshnessPanel } from "~/components/operator/fleet-panels";
import { FormProblem } from "~/components/operator/form-problem";
import { HealthBadge, HealthChecks } from "~/components/operator/health-checks";
import { keepShown } from "~/components/operator/keep-shown";
import styles from "~/components/operator/operator.module.css";
import { OperatorPage } from "~/components/operator/operator-page";
import { Panel } from "~/components/operator/parts";
import { RunningPanel } from "~/components/operator/running-panel";
import { RunsTable } from "~/components/operator/runs-table";
import { StatePanel } from "~/components/operator/state-panel";
import { WorkForm } from "~/components/operator/work-form";
import { beginWork, type Overview, readOverview } from "~/operator/overview.server";
import { actForOperator, loadForOperator } from "~/operator/page.server";

export const meta: MetaFunction = () => [{ title: "Overview · Operator" }];

export const loader = ({ request }: LoaderFunctionArgs) => loadForOperator(request, readOverview);

/** Begins a run or a verification. */
export const action = ({ request }: ActionFunctionArgs) => actForOperator(request, beginWork);

export const clientLoader = keepShown<Overview>();

export default function OverviewPage() {
  const failed = useActionData<typeof action>();
  return (
    <OperatorPage<Overview> title="Overview" isRunning={({ fleet }) => fleet.running.length > 0}>
      {(data, now) => (
        <>
          <FormProblem problem={failed?.problem} />
          <RunningPanel running={data.fleet.running} domains={data.domains} now={now} />
          <div className={styles.columns}>
            <Panel title="Health" beside={<HealthBadge health={data.health} />}>
              <HealthChecks health={data.health} now={now} />
            </Panel>
            <StatePanel data={data} now={now} />
            <FreshnessPanel fleet={data.fleet} domains={data.domains} now={now} />
            <FailingPanel failing={data.health.failingShops} domains={data.domains} now={now} />
          </div>
          <Panel title="Last of each kind">
            <RunsTable
              label="The last run of each kind"
              runs={data.fleet.last}
              domains={data.domains}
              empty="Nothing has run yet."
            />
          </Panel>
          <Panel title="Begin now">
            <WorkForm problem={failed?.problem} entered={failed?.entered} withRun />
          </Panel>
        </>
      )}
    </OperatorPage>
  );
}
