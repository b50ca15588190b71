import { useNavigation } from "@remix-run/react";
import { BlockStack, Page, Text } from "@shopify/polaris";
import { type ReactNode, useRef } from "react";
import { toFailureText } from "~/report/failure";
import { toFreshnessText } from "~/report/freshness";
import { toProductTitle } from "~/report/product";
import type { ReportNumbers } from "~/services/report.server";
import type { Locale } from "~/texts/locale";
import { FailureNotice } from "./failure-notice";
import type { KeptData } from "./keep-on-failure";
import { PrintButton } from "./print-button";
import { PrintHead } from "./print-head";
import { ProductFilter } from "./product-filter";
import { RangeControl } from "./range-control";
import styles from "./report.module.css";
import { TodayLine } from "./today-line";
import { useLocale } from "./use-locale";
import { useRecovery } from "./use-recovery";
import { useRetry } from "./use-retry";

type Numbers = Pick<ReportNumbers, "freshness" | "today"> & { product: { id: string; title: string | null } | null };

type ReportPageProps<Shown extends Numbers> = {
  title: string;
  backAction?: { content: string; url: string };
  data: KeptData<Shown>;
  /** What a shop sees that has no data yet. */
  introduction: ReactNode;
  /** What stands above the choice of days, since it does not depend on it. */
  above?: (numbers: Shown) => ReactNode;
  children: (numbers: Shown) => ReactNode;
};

/** The frame around the numbers of a range, in each of their states: the first visit, ready, loading, failed. */
export function ReportPage<Shown extends Numbers>(props: ReportPageProps<Shown>) {
  const { title, backAction, data, introduction, above, children } = props;
  const { choice, state, numbers, failure } = data;
  const result = useRef<HTMLDivElement>(null);
  const { retry, isRetrying } = useRetry(result);
  useRecovery(failure?.count ?? 0);
  const isLoading = useNavigation().state === "loading";
  const locale = useLocale();
  const { range, freshness } = locale.texts;
  const failed = describeFailure(locale, data);
  return (
    <Page
      title={title}
      subtitle={numbers && !failed ? toFreshnessText(locale, numbers.freshness) : freshness.daysAreUtc}
      {...(backAction && { backAction })}
      {...(numbers && { secondaryActions: <PrintButton /> })}
    >
      <BlockStack gap="400">
        {numbers && <PrintHead asOf={numbers.freshness.asOf} />}
        {numbers && above?.(numbers)}
        {numbers && <TodayLine today={numbers.today} />}
        {choice && state !== "new" && <RangeControl choice={choice} />}
        {numbers?.product && <ProductFilter label={toProductTitle(locale.texts, numbers.product)} />}
        {failed && (
          <FailureNotice
            {...failed}
            tone={state === "failed" ? "critical" : "warning"}
            retry={retry}
            isRetrying={isRetrying}
          />
        )}
        {state === "new" && introduction}
        <Text as="p" visuallyHidden>
          <span role="status">{isRetrying ? range.loading : (failed?.title ?? "")}</span>
        </Text>
        {numbers && (
          <div ref={result} tabIndex={-1} className={isLoading ? styles.busy : undefined} aria-busy={isLoading}>
            <BlockStack gap="400">{children(numbers)}</BlockStack>
          </div>
        )}
      </BlockStack>
    </Page>
  );
}

/** What to say of a load that failed, or null where none did. */
function describeFailure(locale: Locale, { choice, state, numbers, failure }: KeptData<Numbers>) {
  if (!failure && state !== "failed") return null;
  return toFailureText(locale, {
    state,
    days: choice?.shown ?? null,
    asOf: numbers?.freshness.asOf ?? null,
    isOfOtherDays: failure?.isOfOtherDays ?? false,
    failedAt: failure?.at ?? "",
  });
}
