import type { HeadersFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack, InlineGrid } from "@shopify/polaris";
import { boundary } from "@shopify/shopify-app-remix/server";
import { DailyCard } from "~/components/daily-card";
import { Definitions } from "~/components/definitions";
import { Funnel } from "~/components/funnel";
import { Introduction } from "~/components/introduction";
import { type KeptData, keepOnFailure } from "~/components/keep-on-failure";
import { MediaSplit } from "~/components/media-split";
import { RateCard } from "~/components/rate-card";
import { ReportError } from "~/components/report-error";
import { ReportPage } from "~/components/report-page";
import { TrendCard } from "~/components/trend-card";
import { usePageUrl } from "~/components/use-page-url";
import { loadPage } from "~/http/page.server";
import { toRates } from "~/report/cards";
import { toDailyCsv, toDailyTable } from "~/report/daily";
import { stages, trendFigures } from "~/report/figures";
import { toFunnel } from "~/report/funnel";
import { toMediaParts } from "~/report/media";
import { toTrend } from "~/report/trend";
import { type AnalyticsNumbers, readAnalytics } from "~/services/analytics.server";
import { toDay } from "~/services/rollup/day";

const title = "Analytics";
const definitions = [...trendFigures, ...stages.filter((stage) => "live" in stage)];

const introduction = [
  "The funnel from sent to published: with the first request that goes out.",
  "The trend and the table by day: on the UTC day that something happens.",
  "Video against photo: with the first testimonial that a customer submits.",
];

export const meta: MetaFunction = () => [{ title }];

/** The shop of the session token, over the range in the address. */
export function loader({ request }: LoaderFunctionArgs) {
  return loadPage(request, toDay(new Date()), readAnalytics);
}

/** A load that fails leaves the page as it is. */
export const clientLoader = keepOnFailure<AnalyticsNumbers>();

export default function Analytics() {
  const data = useLoaderData() as KeptData<AnalyticsNumbers>;
  const backAction = { content: "Dashboard", url: usePageUrl()("/app") };
  return (
    <ReportPage title={title} backAction={backAction} data={data} introduction={<Introduction items={introduction} />}>
      {(numbers) => <Numbers numbers={numbers} />}
    </ReportPage>
  );
}

function Numbers({ numbers }: { numbers: AnalyticsNumbers }) {
  const { totals, series, extras } = numbers;
  const [from, to] = [series[0]?.date, series.at(-1)?.date];
  return (
    <>
      <InlineGrid columns={{ xs: 1, lg: ["twoThirds", "oneThird"] }} gap="400" alignItems="start">
        <Funnel rows={toFunnel(totals, extras)} />
        <BlockStack gap="400">
          <MediaSplit parts={toMediaParts(totals)} />
          <RateCard title="Rates" cards={toRates(numbers)} />
        </BlockStack>
      </InlineGrid>
      <TrendCard {...toTrend(numbers)} />
      <DailyCard
        key={`${from} ${to}`}
        table={toDailyTable(series)}
        fileName={`testimonials-by-day_${from}_${to}.csv`}
        toFile={() => toDailyCsv(series)}
      />
      <Definitions items={definitions} />
    </>
  );
}

export function ErrorBoundary() {
  return <ReportError title={title} />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
