import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useActionData } from "@remix-run/react";
import { FormProblem } from "~/components/operator/form-problem";
import { keepShown } from "~/components/operator/keep-shown";
import { OperatorPage } from "~/components/operator/operator-page";
import { PrivacyDetails } from "~/components/operator/privacy-details";
import { actForOperator, loadForOperator } from "~/operator/page.server";
import { closeRegistered, type Registered, readRegistered } from "~/operator/privacy.server";

export const meta: MetaFunction = () => [{ title: "Privacy request · Operator" }];

export const loader = ({ request, params }: LoaderFunctionArgs) =>
  loadForOperator(request, () => readRegistered(params.requestId ?? ""));

/** Closes a data request: its data has been sent. */
export const action = ({ request, params }: ActionFunctionArgs) =>
  actForOperator(request, () => closeRegistered(params.requestId ?? ""));

export const clientLoader = keepShown<Registered>();

export default function PrivacyRequestPage() {
  const failed = useActionData<typeof action>();
  return (
    <OperatorPage<Registered> title="Privacy request">
      {(request) => (
        <>
          <FormProblem problem={failed?.problem} />
          <PrivacyDetails request={request} />
        </>
      )}
    </OperatorPage>
  );
}
