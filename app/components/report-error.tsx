import { isRouteErrorResponse, useRevalidator, useRouteError } from "@remix-run/react";
import { Banner, Page } from "@shopify/polaris";
import { boundary } from "@shopify/shopify-app-remix/server";

/** A page that can't be shown must not take the frame and its menu along. Thrown answers are Shopify's to show. */
export function ReportError({ title }: { title: string }) {
  const error = useRouteError();
  const { revalidate, state } = useRevalidator();
  if (isRouteErrorResponse(error)) return boundary.error(error);
  return (
    <Page title={title}>
      <Banner
        tone="critical"
        title="This page could not be shown"
        action={{ content: "Try again", onAction: revalidate, loading: state === "loading" }}
      >
        <p>Nothing is lost. Try again in a moment.</p>
      </Banner>
    </Page>
  );
}
