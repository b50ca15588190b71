import { toErrorMessage } from "./error.server";
import { log, settings } from "./host.server";

const postTimeoutMs = 5_000;

/**
 * Raises an alert: one structured line of the log, by default an error, and, where ALERT_WEBHOOK_URL is set, a POST with
 * the `text` that Slack's incoming webhooks take. An alert that can't be posted is logged and stops nothing.
 */
export async function raiseAlert(
  text: string,
  details: Record<string, unknown>,
  level: "error" | "info" = "error",
): Promise<void> {
  log[level]({ alert: true, ...details }, text);
  if (!settings.alertWebhookUrl) return;
  try {
    const response = await fetch(settings.alertWebhookUrl, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ text }),
      signal: AbortSignal.timeout(postTimeoutMs),
    });
    if (!response.ok) log.error({ status: response.status }, "the alert webhook refused an alert");
  } catch (error) {
    log.error({ error: toErrorMessage(error) }, "the alert webhook could not be reached");
  }
}
