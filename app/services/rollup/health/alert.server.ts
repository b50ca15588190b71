import type { Engine, Log } from "../engine.server";
import { toErrorMessage } from "../error.server";

const postTimeoutMs = 5_000;

/**
 * Raises an alert: one structured line of the log, by default an error, and, where there is an address for it, a POST
 * with the `text` that Slack's incoming webhooks take. An alert that can't be posted is logged and stops nothing.
 */
export async function raiseAlert(
  { log, settings }: Engine,
  text: string,
  details: Record<string, unknown>,
  level: "error" | "info" = "error",
): Promise<void> {
  log[level]({ alert: true, ...details }, text);
  if (settings.alertWebhookUrl) await post(log, new URL(settings.alertWebhookUrl), text);
}

/** Of the address the log says the host alone: the path of an incoming webhook is its secret. */
async function post(log: Log, webhook: URL, text: string): Promise<void> {
  const { host } = webhook;
  try {
    const response = await fetch(toAddress(webhook), {
      method: "POST",
      headers: { "Content-Type": "application/json", ...toAuthorization(webhook) },
      body: JSON.stringify({ text }),
      // A post that is led elsewhere would arrive there as a GET, and be taken for a success.
      redirect: "manual",
      signal: AbortSignal.timeout(postTimeoutMs),
    });
    await response.body?.cancel();
    if (!response.ok) log.error({ host, status: response.status }, "the alert webhook refused an alert");
  } catch (error) {
    log.error({ host, error: toErrorMessage(error) }, "the alert webhook could not be reached");
  }
}

/** `fetch` takes no address with a user in it, and repeats it in its error. */
function toAddress(webhook: URL): URL {
  const address = new URL(webhook);
  address.username = "";
  address.password = "";
  return address;
}

function toAuthorization({ username, password }: URL): Record<string, string> {
  if (!username && !password) return {};
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString("base64");
  return { Authorization: `Basic ${credentials}` };
}
