import type { HeadersFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Card, InlineGrid } from "@shopify/polaris";
import { boundary } from "@shopify/shopify-app-remix/server";
import { Definitions } from "~/components/definitions";
import { DetailsTable } from "~/components/details-table";
import { FigureCards } from "~/components/figure-cards";
import { Introduction } from "~/components/introduction";
import { type KeptData, keepOnFailure } from "~/components/keep-on-failure";
import { NextList } from "~/components/next-list";
import { ReportError } from "~/components/report-error";
import { ReportPage } from "~/components/report-page";
import { SubmissionList } from "~/components/submission-list";
import { TopList } from "~/components/top-list";
import { findFrameTexts, useLocale, useTexts } from "~/components/use-locale";
import { loadPage } from "~/http/page.server";
import { toCards } from "~/report/cards";
import { toNextItems } from "~/report/next";
import { toSubmissionItems, toTopItems } from "~/report/submissions";
import { type DashboardNumbers, readDashboard } from "~/services/dashboard.server";
import { toDay } from "~/services/rollup/day";

export const meta: MetaFunction = ({ matches }) => [{ title: findFrameTexts(matches).dashboard.title }];

/** The shop of the session token, over the range in the address. */
export function loader({ request }: LoaderFunctionArgs) {
  const today = toDay(new Date());
  return loadPage(request, today, (shopId, range) => readDashboard(shopId, range, today));
}

/** A load that fails leaves the page as it is. */
export const clientLoader = keepOnFailure<DashboardNumbers>();

export default function Dashboard() {
  const data = useLoaderData() as KeptData<DashboardNumbers>;
  const { title, introduction } = useTexts().dashboard;
  return (
    <ReportPage title={title} data={data} introduction={<Introduction items={introduction} />}>
      {(numbers) => <Numbers numbers={numbers} />}
    </ReportPage>
  );
}

function Numbers({ numbers }: { numbers: DashboardNumbers }) {
  const locale = useLocale();
  const { dashboard, latest: latestTexts, topProducts: productTexts } = locale.texts;
  const { cards, table } = toCards(locale, numbers);
  const { topProducts, latest } = numbers.extras;
  return (
    <>
      <NextList items={toNextItems(locale, numbers)} />
      <FigureCards cards={cards} />
      <InlineGrid columns={{ xs: 1, md: ["twoThirds", "oneThird"] }} gap="400" alignItems="start">
        <SubmissionList title={latestTexts.title} empty={latestTexts.empty} items={toSubmissionItems(locale, latest)} />
        <TopList
          title={productTexts.title}
          note={productTexts.note}
          empty={productTexts.empty}
          items={toTopItems(locale, topProducts)}
        />
      </InlineGrid>
      <Card>
        <DetailsTable summary={dashboard.cardsAsTable} label={dashboard.cardsAsTable} table={table} />
      </Card>
      <Definitions items={cards} />
    </>
  );
}

export function ErrorBoundary() {
  return <ReportError page="dashboard" />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
