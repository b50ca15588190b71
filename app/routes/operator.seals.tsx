import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useActionData } from "@remix-run/react";
import { FormProblem } from "~/components/operator/form-problem";
import { keepShown } from "~/components/operator/keep-shown";
import { OperatorPage } from "~/components/operator/operator-page";
import { Panel } from "~/components/operator/parts";
import { SealForm } from "~/components/operator/seal-form";
import { BrokenSealsPanel, SealListPanel } from "~/components/operator/seal-list";
import { SealPanel } from "~/components/operator/seal-panel";
import { actForOperator, loadForOperator } from "~/operator/page.server";
import { changeSeal, readSealsPage, type SealsPage } from "~/operator/seals.server";

export const meta: MetaFunction = () => [{ title: "Seals · Operator" }];

export const loader = ({ request }: LoaderFunctionArgs) => loadForOperator(request, readSealsPage);

/** Starts or cancels a seal. */
export const action = ({ request }: ActionFunctionArgs) => actForOperator(request, changeSeal);

export const clientLoader = keepShown<SealsPage>();

export default function Seals() {
  const failed = useActionData<typeof action>();
  return (
    <OperatorPage<SealsPage> title="Seals" isRunning={({ seal }) => seal?.status === "running"}>
      {(data, now) => (
        <>
          <FormProblem problem={failed?.problem} />
          {data.seal && <SealPanel seal={data.seal} domains={data.domains} now={now} />}
          <BrokenSealsPanel data={data} />
          <SealListPanel data={data} />
          <Panel title="Seal days" beside="They stay as stored when their source rows go">
            <SealForm problem={failed?.problem} entered={failed?.entered} />
          </Panel>
        </>
      )}
    </OperatorPage>
  );
}
