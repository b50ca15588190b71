import { type HeadersFunction, json, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { isRouteErrorResponse, useLoaderData, useNavigation, useRevalidator, useRouteError } from "@remix-run/react";
import { Banner, BlockStack, Card, DataTable, Page, Text } from "@shopify/polaris";
import { boundary } from "@shopify/shopify-app-remix/server";
import { CountsCards } from "~/components/counts-cards";
import { toDay, toWindow } from "~/services/rollup/day";
import { metricNames, metrics } from "~/services/rollup/metrics";
import { readRange } from "~/services/rollup/read.server";
import { getShopId } from "~/services/shop.server";
import { authenticate } from "~/shopify.server";

const shownDays = 30;

const number = new Intl.NumberFormat("en");

export const meta: MetaFunction = () => [{ title: "Dashboard" }];

/** The last 30 UTC days of the shop in the session token, today included. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { session } = await authenticate.admin(request);
  const shopId = await getShopId(session.shop);
  const range = toWindow(toDay(new Date()), shownDays - 1);
  return json({ counts: shopId === null ? null : await readRange(shopId, range) });
}

export default function Dashboard() {
  const { counts } = useLoaderData<typeof loader>();
  const isLoading = useNavigation().state === "loading";
  if (!counts || metricNames.every((name) => counts.totals[name] === 0)) return <Empty />;
  const cards = metricNames.map((name) => ({
    name,
    label: metrics[name].label,
    help: metrics[name].counts,
    value: number.format(counts.totals[name]),
  }));
  return (
    <Page title="Last 30 days" subtitle={`Days are UTC. Exact as of ${counts.freshness.asOf.slice(11, 16)} UTC.`}>
      <BlockStack gap="400">
        <CountsCards cards={cards} isLoading={isLoading} />
        <Card padding="0">
          <DataTable
            columnContentTypes={["text", ...metricNames.map(() => "numeric" as const)]}
            headings={["Day", ...cards.map((card) => card.label)]}
            rows={counts.series
              .map((day) => [day.date, ...metricNames.map((name) => number.format(day[name]))])
              .reverse()}
          />
        </Card>
      </BlockStack>
    </Page>
  );
}

function Empty() {
  return (
    <Page title="Last 30 days">
      <Card>
        <BlockStack gap="200">
          <Text as="h2" variant="headingMd">
            No testimonials in the last 30 days
          </Text>
          <Text as="p">
            As soon as a request is sent or a testimonial comes in, it is counted here, on the UTC day it happened.
          </Text>
        </BlockStack>
      </Card>
    </Page>
  );
}

/** A failed query must not take the frame and its menu along. Thrown answers are Shopify's to show. */
export function ErrorBoundary() {
  const error = useRouteError();
  const { revalidate, state } = useRevalidator();
  if (isRouteErrorResponse(error)) return boundary.error(error);
  return (
    <Page title="Last 30 days">
      <Banner
        tone="critical"
        title="The numbers could not be read"
        action={{ content: "Try again", onAction: revalidate, loading: state === "loading" }}
      >
        <p>Nothing is lost. Try again in a moment.</p>
      </Banner>
    </Page>
  );
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
