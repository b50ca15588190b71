import type { HeadersFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack, InlineGrid } from "@shopify/polaris";
import { boundary } from "@shopify/shopify-app-remix/server";
import { DailyCard } from "~/components/daily-card";
import { Definitions } from "~/components/definitions";
import { Funnel } from "~/components/funnel";
import { Introduction } from "~/components/introduction";
import { type KeptData, keepOnFailure } from "~/components/keep-on-failure";
import { ListCard } from "~/components/list-card";
import { MediaSplit } from "~/components/media-split";
import { RateCard } from "~/components/rate-card";
import { RatingsCard } from "~/components/ratings-card";
import { ReportError } from "~/components/report-error";
import { ReportPage } from "~/components/report-page";
import { TrendCard } from "~/components/trend-card";
import { findFrameTexts, useLocale, useTexts } from "~/components/use-locale";
import { usePageUrl } from "~/components/use-page-url";
import { loadPage } from "~/http/page.server";
import type { RangeChoice } from "~/http/range-choice.server";
import { toRates } from "~/report/cards";
import { listStageNotes, listTrendFigures } from "~/report/figures";
import { toFunnelNote, toFunnels } from "~/report/funnel";
import { toLostFigures } from "~/report/lost-requests";
import { toMediaParts } from "~/report/media";
import { toRatings } from "~/report/ratings";
import { toTimes } from "~/report/times";
import { toTrend } from "~/report/trend";
import { type AnalyticsNumbers, readAnalytics } from "~/services/analytics.server";
import { toDay } from "~/services/rollup/day";

export const meta: MetaFunction = ({ matches }) => [{ title: findFrameTexts(matches).analytics.title }];

/** The shop of the session token, over the range in the address. */
export function loader({ request }: LoaderFunctionArgs) {
  return loadPage(request, toDay(new Date()), readAnalytics);
}

/** A load that fails leaves the page as it is. */
export const clientLoader = keepOnFailure<AnalyticsNumbers>();

export default function Analytics() {
  const data = useLoaderData() as KeptData<AnalyticsNumbers>;
  const { analytics, dashboard } = useTexts();
  const { title, introduction } = analytics;
  const backAction = { content: dashboard.title, url: usePageUrl()("/app") };
  return (
    <ReportPage title={title} backAction={backAction} data={data} introduction={<Introduction items={introduction} />}>
      {(numbers) => data.choice && <Numbers numbers={numbers} choice={data.choice} />}
    </ReportPage>
  );
}

function Numbers({ numbers, choice }: { numbers: AnalyticsNumbers; choice: RangeChoice }) {
  const locale = useLocale();
  const { texts } = locale;
  const { from, to } = choice.shown;
  const definitions = [...listTrendFigures(locale), ...listStageNotes(locale)];
  const lost = toLostFigures(locale, numbers.extras.lostRequests);
  return (
    <>
      <InlineGrid columns={{ xs: 1, lg: ["twoThirds", "oneThird"] }} gap="400" alignItems="start">
        <Funnel parts={toFunnels(locale, numbers.sums)} note={toFunnelNote(locale, numbers)} />
        <BlockStack gap="400">
          <MediaSplit parts={toMediaParts(locale, numbers.sums.totals)} />
          <RateCard title={texts.rates.title} cards={toRates(locale, numbers)} />
        </BlockStack>
      </InlineGrid>
      <InlineGrid columns={{ xs: 1, md: 2 }} gap="400" alignItems="start">
        <RatingsCard ratings={toRatings(locale, numbers.sums)} />
        <BlockStack gap="400">
          <ListCard title={texts.times.title} {...toTimes(locale, numbers.extras.times, numbers.sums.totals)} />
          {lost.length > 0 && (
            <ListCard title={texts.lostRequests.title} note={texts.lostRequests.note} figures={lost} />
          )}
        </BlockStack>
      </InlineGrid>
      <TrendCard {...toTrend(locale, numbers, choice.compare)} />
      <DailyCard key={`${from} ${to} ${choice.product}`} latest={numbers.latestDays} choice={choice} />
      <Definitions items={definitions} />
    </>
  );
}

export function ErrorBoundary() {
  return <ReportError page="analytics" />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
