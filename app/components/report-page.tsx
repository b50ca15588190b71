import { useNavigation, useRevalidator } from "@remix-run/react";
import { Banner, BlockStack, Page } from "@shopify/polaris";
import { type ReactNode, useEffect, useState } from "react";
import type { PageData } from "~/http/page.server";
import { toFreshnessText } from "~/report/freshness";
import { toClockText, toDaysText } from "~/report/text";
import { countDays, toRange } from "~/services/rollup/day";
import type { Freshness } from "~/services/rollup/read.server";
import { RangeControl } from "./range-control";
import styles from "./report.module.css";

type Numbers = { freshness: Freshness };

type ReportPageProps<Shown extends Numbers> = {
  title: string;
  backAction?: { content: string; url: string };
  data: PageData<Shown>;
  /** What a shop sees that has no data yet. */
  introduction: ReactNode;
  children: (numbers: Shown) => ReactNode;
};

/** The frame around the numbers of a range, in each of their states: the first visit, ready, loading, failed. */
export function ReportPage<Shown extends Numbers>(props: ReportPageProps<Shown>) {
  const { title, backAction, data, introduction, children } = props;
  const shown = useShown(data);
  const isLoading = useNavigation().state === "loading";
  const { from, to } = data.choice.shown;
  return (
    <Page
      title={title}
      subtitle={data.state === "ready" ? toFreshnessText(data.numbers.freshness) : "Days are UTC."}
      {...(backAction && { backAction })}
    >
      <BlockStack gap="400">
        {data.state !== "new" && <RangeControl choice={data.choice} dayCount={countDays(toRange(from, to))} />}
        {data.state === "failed" && <FailedBanner shown={shown} />}
        {data.state === "new" && introduction}
        {shown && (
          <div className={isLoading ? styles.busy : undefined} aria-busy={isLoading}>
            <BlockStack gap="400">{children(shown.numbers)}</BlockStack>
          </div>
        )}
      </BlockStack>
    </Page>
  );
}

type ReadyData<Shown> = Extract<PageData<Shown>, { state: "ready" }>;

/** The data to show: what was last read stays where the next read fails. */
function useShown<Shown>(data: PageData<Shown>): ReadyData<Shown> | null {
  const current = data.state === "ready" ? data : null;
  const [last, setLast] = useState(current);
  useEffect(() => {
    if (data.state === "ready") setLast(data);
  }, [data]);
  return data.state === "failed" ? last : current;
}

function FailedBanner<Shown extends Numbers>({ shown }: { shown: ReadyData<Shown> | null }) {
  const { revalidate, state } = useRevalidator();
  return (
    <Banner
      tone="critical"
      title="The numbers could not be read"
      action={{ content: "Try again", onAction: revalidate, loading: state === "loading" }}
    >
      <p>
        Nothing is lost: they are counted from your testimonials, which are safe.
        {shown &&
          ` Below are those of ${toDaysText(shown.choice.shown.from, shown.choice.shown.to)}, as of ${toClockText(shown.numbers.freshness.asOf)}.`}
      </p>
    </Banner>
  );
}
