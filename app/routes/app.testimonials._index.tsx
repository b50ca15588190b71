import { type HeadersFunction, json, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import type { ClientLoaderFunctionArgs } from "@remix-run/react";
import { Card, Page, Text } from "@shopify/polaris";
import { boundary } from "@shopify/shopify-app-remix/server";
import { requestData } from "~/components/keep-on-failure";
import { ReportError } from "~/components/report-error";
import { findFrameTexts, useTexts } from "~/components/use-locale";
import { usePageUrl } from "~/components/use-page-url";
import { ensureShop } from "~/services/shop.server";
import { requireMerchant } from "~/shopify.server";

export const meta: MetaFunction = ({ matches }) => [{ title: findFrameTexts(matches).testimonials.title }];

export async function loader({ request }: LoaderFunctionArgs) {
  await ensureShop(await requireMerchant(request));
  return json({});
}

/** The page has no data that could be missing. */
export async function clientLoader({ request, serverLoader }: ClientLoaderFunctionArgs) {
  return (await requestData(request, serverLoader)) ?? {};
}

/** Holds the place of the testimonial app's own screen, to which the dashboard leads. */
export default function Testimonials() {
  const { dashboard, testimonials } = useTexts();
  return (
    <Page title={testimonials.title} backAction={{ content: dashboard.title, url: usePageUrl()("/app") }}>
      <Card>
        <Text as="p">{testimonials.placeholder}</Text>
      </Card>
    </Page>
  );
}

export function ErrorBoundary() {
  return <ReportError page="testimonials" />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
