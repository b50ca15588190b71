import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { DurationChart } from "~/components/operator/duration-chart";
import { keepShown } from "~/components/operator/keep-shown";
import { NextPage } from "~/components/operator/next-page";
import { OperatorPage } from "~/components/operator/operator-page";
import { Panel } from "~/components/operator/parts";
import { RunFilters } from "~/components/operator/run-filters";
import { RunsTable } from "~/components/operator/runs-table";
import { loadForOperator } from "~/operator/page.server";
import { type Ledger, readLedger } from "~/operator/runs.server";

export const meta: MetaFunction = () => [{ title: "Runs · Operator" }];

export const loader = ({ request }: LoaderFunctionArgs) => loadForOperator(request, readLedger);

export const clientLoader = keepShown<Ledger>();

export default function RunsPage() {
  return (
    <OperatorPage<Ledger>
      title="Runs"
      isRunning={({ runs }) => runs.some(({ status }) => status === "running")}
      above={
        <Panel title="Filters">
          <RunFilters />
        </Panel>
      }
    >
      {({ runs, next, chart, domains }) => (
        <>
          {chart && (
            <Panel title="Durations" beside="Of the runs below; each line is a multiple of the one before">
              <DurationChart chart={chart} />
            </Panel>
          )}
          <Panel title="Ledger" beside="The latest first">
            <RunsTable label="Runs" runs={runs} domains={domains} empty="There are no such runs." />
            <NextPage field="before" value={next} />
          </Panel>
        </>
      )}
    </OperatorPage>
  );
}
