import type { HeadersFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack, Card, InlineGrid } from "@shopify/polaris";
import { boundary } from "@shopify/shopify-app-remix/server";
import { Definitions } from "~/components/definitions";
import { DetailsTable } from "~/components/details-table";
import { FigureCards } from "~/components/figure-cards";
import { Introduction } from "~/components/introduction";
import { type KeptData, keepOnFailure } from "~/components/keep-on-failure";
import { ReportError } from "~/components/report-error";
import { ReportPage } from "~/components/report-page";
import { SubmissionList } from "~/components/submission-list";
import { TopList } from "~/components/top-list";
import { usePageUrl } from "~/components/use-page-url";
import { WaitingCard } from "~/components/waiting-card";
import { moderationUrl } from "~/host-screens";
import { loadPage } from "~/http/page.server";
import { toCards } from "~/report/cards";
import { toSubmissionItems, toTopItems } from "~/report/submissions";
import { toNumberText } from "~/report/text";
import { type DashboardNumbers, readDashboard } from "~/services/dashboard.server";
import { toDay } from "~/services/rollup/day";

const title = "Dashboard";

const introduction = [
  "Requests sent and the click rate: with the first request that goes out.",
  "The submission rate and your top products: with the first testimonial that a customer writes.",
  "The approval rate and published testimonials: as soon as you decide on it.",
];

export const meta: MetaFunction = () => [{ title }];

/** The shop of the session token, over the range in the address. */
export function loader({ request }: LoaderFunctionArgs) {
  return loadPage(request, toDay(new Date()), readDashboard);
}

/** A load that fails leaves the page as it is. */
export const clientLoader = keepOnFailure<DashboardNumbers>();

export default function Dashboard() {
  const data = useLoaderData() as KeptData<DashboardNumbers>;
  return (
    <ReportPage title={title} data={data} introduction={<Introduction items={introduction} />}>
      {(numbers) => <Numbers numbers={numbers} />}
    </ReportPage>
  );
}

function Numbers({ numbers }: { numbers: DashboardNumbers }) {
  const { cards, table } = toCards(numbers);
  const { pending, topProducts, latest } = numbers.extras;
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
        <DetailsTable summary="The cards as a table" label="The cards as a table" table={table} />
      </Card>
      <Definitions items={cards} />
    </>
  );
}

export function ErrorBoundary() {
  return <ReportError title={title} />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
