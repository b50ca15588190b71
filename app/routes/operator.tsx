import { isRouteErrorResponse, Outlet, useRouteError } from "@remix-run/react";
import { Notice } from "~/components/operator/parts";
import { Shell } from "~/components/operator/shell";

/** The frame of the operator's pages. It has nothing to show by itself: each page asks by itself for an open session. */
export default function Operator() {
  return (
    <Shell>
      <Outlet />
    </Shell>
  );
}

export function ErrorBoundary() {
  const error = useRouteError();
  const sentence =
    isRouteErrorResponse(error) && typeof error.data === "string" ? error.data : "The log has the reason.";
  return (
    <Shell>
      <Notice tone="bad" title="This page could not be shown.">
        <p>{sentence}</p>
      </Notice>
    </Shell>
  );
}
