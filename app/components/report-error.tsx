import { isRouteErrorResponse, useRevalidator, useRouteError } from "@remix-run/react";
import { Banner, Page } from "@shopify/polaris";
import { boundary } from "@shopify/shopify-app-remix/server";
import { useTexts } from "./use-locale";

/** A page that can't be shown must not take the frame and its menu along. Thrown answers are Shopify's to show. */
export function ReportError({ page }: { page: "dashboard" | "analytics" | "testimonials" }) {
  const error = useRouteError();
  const { revalidate, state } = useRevalidator();
  const texts = useTexts();
  if (isRouteErrorResponse(error)) return boundary.error(error);
  return (
    <Page title={texts[page].title}>
      <Banner
        tone="critical"
        title={texts.failure.pageNotShown}
        action={{ content: texts.failure.retry, onAction: revalidate, loading: state === "loading" }}
      >
        <p>{texts.failure.retrySoon}</p>
      </Banner>
    </Page>
  );
}
