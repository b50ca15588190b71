import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { keepShown } from "~/components/operator/keep-shown";
import { OperatorPage } from "~/components/operator/operator-page";
import { RunDetails } from "~/components/operator/run-details";
import { loadForOperator } from "~/operator/page.server";
import { type LedgerRunPage, readLedgerRun } from "~/operator/runs.server";

export const meta: MetaFunction = () => [{ title: "Run · Operator" }];

export const loader = ({ request, params }: LoaderFunctionArgs) =>
  loadForOperator(request, () => readLedgerRun(params.runId ?? ""));

export const clientLoader = keepShown<LedgerRunPage>();

export default function RunPage() {
  return (
    <OperatorPage<LedgerRunPage> title="Run" isRunning={({ run }) => run.status === "running"}>
      {(page, now) => <RunDetails page={page} now={now} />}
    </OperatorPage>
  );
}
