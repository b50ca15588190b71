import { Banner } from "@shopify/polaris";
import { useTexts } from "./use-locale";

type FailureNoticeProps = {
  title: string;
  text: string;
  tone: "warning" | "critical";
  retry: () => void;
  isRetrying: boolean;
};

/** Says that loading failed, until it succeeds. The page's status line announces it, politely. */
export function FailureNotice({ title, text, tone, retry, isRetrying }: FailureNoticeProps) {
  const { failure } = useTexts();
  // Not Polaris's loading state: it disables the button, and with it the focus is gone.
  const content = isRetrying ? failure.retrying : failure.retry;
  return (
    <Banner tone={tone} title={title} action={{ content, onAction: retry }} stopAnnouncements>
      <p>{text}</p>
    </Banner>
  );
}
