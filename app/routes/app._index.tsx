import type { HeadersFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack, Card, InlineGrid } from "@shopify/polaris";
import { boundary } from "@shopify/shopify-app-remix/server";
import { DataTable } from "~/components/data-table";
import { Definitions } from "~/components/definitions";
import { FigureCards } from "~/components/figure-cards";
import { Introduction } from "~/components/introduction";
import { type KeptData, keepOnFailure } from "~/components/keep-on-failure";
import styles from "~/components/report.module.css";
import { ReportError } from "~/components/report-error";
import { ReportPage } from "~/components/report-page";
import { SubmissionList } from "~/components/submission-list";
import { TopList } from "~/components/top-list";
import { useFreshTitles } from "~/components/use-fresh-titles";
import { usePageUrl } from "~/components/use-page-url";
import { WaitingCard } from "~/components/waiting-card";
import { moderationUrl } from "~/host-screens";
import { loadPage } from "~/http/page.server";
import { toCards } from "~/report/cards";
import { toSubmissionItems, toTopItems } from "~/report/submissions";
import { toNumberText } from "~/report/text";
import { readDashboard } from "~/services/dashboard.server";
import { refreshProducts } from "~/services/product-refresh.server";
import { type DayRange, toDay } from "~/services/rollup/day";

const title = "Dashboard";

const introduction = [
  "Requests sent and the click rate: with the first request that goes out.",
  "The submission rate and your top products: with the first testimonial that a customer writes.",
  "The approval rate and published testimonials: as soon as you decide on it.",
];

export const meta: MetaFunction = () => [{ title }];

type PageNumbers = Awaited<ReturnType<typeof readPage>>;

/** The shop of the session token, over the range in the address. */
export function loader({ request }: LoaderFunctionArgs) {
  return loadPage(request, toDay(new Date()), readPage);
}

/** The numbers, and the products whose titles are on their way: they are not waited for. */
async function readPage(shopId: string, range: DayRange) {
  const numbers = await readDashboard(shopId, range);
  return { ...numbers, awaitedProducts: refreshProducts(shopId, numbers.extras.topProducts, new Date()) };
}

/** A load that fails leaves the page as it is. */
export const clientLoader = keepOnFailure<PageNumbers>();

export default function Dashboard() {
  const data = useLoaderData() as KeptData<PageNumbers>;
  return (
    <ReportPage title={title} data={data} introduction={<Introduction items={introduction} />}>
      {(numbers) => <Numbers numbers={numbers} />}
    </ReportPage>
  );
}

function Numbers({ numbers }: { numbers: PageNumbers }) {
  const { cards, table } = toCards(numbers);
  const { pending, topProducts, latest } = numbers.extras;
  useFreshTitles(numbers.awaitedProducts.join(" "));
  const toPageUrl = usePageUrl();
  const waiting = <WaitingCard count={pending} value={toNumberText(pending)} url={toPageUrl(moderationUrl)} />;
  return (
    <>
      {pending > 0 && waiting}
      <FigureCards cards={cards} />
      <InlineGrid columns={{ xs: 1, md: ["twoThirds", "oneThird"] }} gap="400" alignItems="start">
        <SubmissionList
          title="Latest testimonials"
          empty="No customer has written one yet."
          items={toSubmissionItems(latest)}
        />
        <BlockStack gap="400">
          {pending === 0 && waiting}
          <TopList
            title="Top products"
            note="By testimonials submitted in these days."
            empty="No testimonials of a product in these days."
            items={toTopItems(topProducts)}
          />
        </BlockStack>
      </InlineGrid>
      <Card>
        <details className={styles.details}>
          <summary>The cards as a table</summary>
          <DataTable label="The cards as a table" table={table} />
        </details>
      </Card>
      <Definitions items={cards} />
    </>
  );
}

export function ErrorBoundary() {
  return <ReportError title={title} />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
