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
import { useFreshTitles } from "~/components/use-fresh-titles";
import { findFrameTexts, useLocale } from "~/components/use-locale";
import { loadPage } from "~/http/page.server";
import { toCards } from "~/report/cards";
import { toCardsCsv } from "~/report/csv-tables";
import { toNextItems } from "~/report/next";
import { toSubmissionItems, toTopItems } from "~/report/submissions";
import { readDashboard } from "~/services/dashboard.server";
import { refreshProducts } from "~/services/product-refresh.server";
import type { ReportQuery } from "~/services/report.server";
import { toDay } from "~/services/rollup/day";

export const meta: MetaFunction = ({ matches }) => [{ title: findFrameTexts(matches).dashboard.title }];

type PageNumbers = Awaited<ReturnType<typeof readPage>>;

/** The shop of the session token, over the range in the address. */
export function loader({ request }: LoaderFunctionArgs) {
  return loadPage(request, toDay(new Date()), readPage);
}

/** The numbers, and the products whose titles are on their way: they are not waited for. */
async function readPage(shopId: string, query: ReportQuery) {
  const numbers = await readDashboard(shopId, query);
  return { ...numbers, awaitedProducts: refreshProducts(shopId, numbers.extras.topProducts, new Date()) };
}

/** A load that fails leaves the page as it is. */
export const clientLoader = keepOnFailure<PageNumbers>();

export default function Dashboard() {
  const data = useLoaderData() as KeptData<PageNumbers>;
  const locale = useLocale();
  const { title, introduction } = locale.texts.dashboard;
  return (
    <ReportPage
      title={title}
      data={data}
      above={(numbers) => <NextList items={toNextItems(locale, numbers)} />}
      introduction={<Introduction items={introduction} />}
    >
      {(numbers) => <Numbers numbers={numbers} />}
    </ReportPage>
  );
}

function Numbers({ numbers }: { numbers: PageNumbers }) {
  const locale = useLocale();
  const { dashboard, latest: latestTexts, topProducts: productTexts } = locale.texts;
  const { cards, table } = toCards(locale, numbers);
  const { topProducts, latest } = numbers.extras;
  useFreshTitles(numbers.awaitedProducts.join(" "));
  return (
    <>
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
        <DetailsTable
          summary={dashboard.cardsAsTable}
          label={dashboard.cardsAsTable}
          table={table}
          toFile={(days) => toCardsCsv(locale, cards, days)}
        />
      </Card>
      <Definitions items={cards} />
    </>
  );
}

export function ErrorBoundary() {
  return <ReportError page="dashboard" />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
