import { useNavigation } from "@remix-run/react";
import { Text } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { useLocale } from "./use-locale";
import { useShownData } from "./use-page-url";

/**
 * Says to screen readers that numbers are being read and, once they are there, of which days. It outlives the pages, so
 * that the way from one to the next is told as well. Errors speak for themselves.
 */
export function RangeStatus() {
  const isLoading = useNavigation().state === "loading";
  const data = useShownData();
  const { texts, formatDays } = useLocale();
  const [hasLoaded, setHasLoaded] = useState(false);
  useEffect(() => {
    if (isLoading) setHasLoaded(true);
  }, [isLoading]);

  function toText(): string {
    if (isLoading) return texts.range.loading;
    const isNews = hasLoaded && data?.state === "ready" && !data.failure && data.choice.issues.length === 0;
    return isNews ? texts.range.showing(formatDays(data.choice.shown.from, data.choice.shown.to)) : "";
  }

  return (
    <Text as="p" visuallyHidden>
      <span role="status" aria-live="polite">
        {toText()}
      </span>
    </Text>
  );
}
