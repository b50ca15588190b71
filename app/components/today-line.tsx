import { Text } from "@shopify/polaris";
import type { Sums } from "~/services/report.server";
import { useLocale } from "./use-locale";

/** What has happened on the UTC day that is not over: it stays the same whatever days are shown below. */
export function TodayLine({ today: { totals } }: { today: Sums }) {
  const { texts, formatNumber } = useLocale();
  const { requestsSent, requestsClicked, submissionsCount, publishedCount } = totals;
  const parts = [
    texts.today.sent(requestsSent, formatNumber(requestsSent)),
    texts.today.clicked(formatNumber(requestsClicked)),
    texts.today.submitted(submissionsCount, formatNumber(submissionsCount)),
    texts.today.published(formatNumber(publishedCount)),
  ];
  return (
    <Text as="p">
      <Text as="span" fontWeight="semibold">
        {texts.today.title}
      </Text>
      <span>{`: ${parts.join(" · ")}`}</span>
    </Text>
  );
}
