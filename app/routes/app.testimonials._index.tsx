import { type HeadersFunction, json, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { type ClientLoaderFunctionArgs, useSearchParams } from "@remix-run/react";
import { BlockStack, Card, Page, Text } from "@shopify/polaris";
import { boundary } from "@shopify/shopify-app-remix/server";
import { requestData } from "~/components/keep-on-failure";
import { ReportError } from "~/components/report-error";
import { findFrameTexts, useTexts } from "~/components/use-locale";
import { usePageUrl } from "~/components/use-page-url";
import { ensureShop } from "~/services/shop.server";
import { requireMerchant } from "~/shopify.server";
import type { Texts } from "~/texts/texts";

export const meta: MetaFunction = ({ matches }) => [{ title: findFrameTexts(matches).testimonials.title }];

export async function loader({ request }: LoaderFunctionArgs) {
  await ensureShop(await requireMerchant(request));
  return json({});
}

/** The page has no data that could be missing. */
export async function clientLoader({ request, serverLoader }: ClientLoaderFunctionArgs) {
  return (await requestData(request, serverLoader)) ?? {};
}

/** Which of the app's lists an address of host-screens stands for, or null for none of them. */
function toListName(query: URLSearchParams): keyof Texts["testimonials"]["lists"] | null {
  const screen = query.get("screen");
  if (screen === "requests" || screen === "send") return screen;
  if (query.has("waiting")) return "longWaiting";
  if (query.has("rating")) return "lowRated";
  return query.get("status") === "pending" ? "pending" : null;
}

/** Holds the place of the testimonial app's own screens, to which the pages lead, and says which one it stands for. */
export default function Testimonials() {
  const { dashboard, testimonials } = useTexts();
  const list = toListName(useSearchParams()[0]);
  return (
    <Page title={testimonials.title} backAction={{ content: dashboard.title, url: usePageUrl()("/app") }}>
      <Card>
        <BlockStack gap="200">
          {list !== null && (
            <Text as="h2" variant="headingMd">
              {testimonials.lists[list]}
            </Text>
          )}
          <Text as="p">{testimonials.placeholder}</Text>
        </BlockStack>
      </Card>
    </Page>
  );
}

export function ErrorBoundary() {
  return <ReportError page="testimonials" />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
