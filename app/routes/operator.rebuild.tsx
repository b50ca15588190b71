import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useActionData } from "@remix-run/react";
import { FormProblem } from "~/components/operator/form-problem";
import { keepShown } from "~/components/operator/keep-shown";
import { OperatorPage } from "~/components/operator/operator-page";
import { Panel } from "~/components/operator/parts";
import { RebuildForm } from "~/components/operator/rebuild-form";
import { RebuildPanel } from "~/components/operator/rebuild-panel";
import { actForOperator, loadForOperator } from "~/operator/page.server";
import { changeRebuild, type RebuildPage, readRebuildPage } from "~/operator/rebuild.server";

export const meta: MetaFunction = () => [{ title: "Rebuild · Operator" }];

export const loader = ({ request }: LoaderFunctionArgs) => loadForOperator(request, readRebuildPage);

/** Starts, cancels or resumes a rebuild. */
export const action = ({ request }: ActionFunctionArgs) => actForOperator(request, changeRebuild);

export const clientLoader = keepShown<RebuildPage>();

export default function Rebuild() {
  const failed = useActionData<typeof action>();
  return (
    <OperatorPage<RebuildPage> title="Rebuild" isRunning={({ rebuild }) => rebuild?.status === "running"}>
      {(data, now) => (
        <>
          <FormProblem problem={failed?.problem} />
          {data.rebuild && <RebuildPanel data={data} rebuild={data.rebuild} now={now} />}
          <Panel title={data.rebuild ? "Another rebuild" : "Count days again from the source tables"}>
            <RebuildForm problem={failed?.problem} entered={failed?.entered} />
          </Panel>
        </>
      )}
    </OperatorPage>
  );
}
