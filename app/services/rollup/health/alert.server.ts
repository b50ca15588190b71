import type { Engine, Log } from "../engine.server";
import { toErrorMessage } from "../error.server";
import { tell } from "../observer.server";

const postTimeoutMs = 5_000;

/**
 * Raises an alert: one structured line of the log, by default an error, and, where there is an address for it, a POST
 * with the `text` that Slack's incoming webhooks take. An alert that can't be posted is logged and stops nothing.
 */
export async function raiseAlert(
  engine: Engine,
  text: string,
  details: Record<string, unknown>,
  level: "error" | "info" = "error",
): Promise<void> {
  const { log, settings } = engine;
  log[level]({ alert: true, ...details }, text);
  const isPosted = settings.alertWebhookUrl && (await post(log, new URL(settings.alertWebhookUrl), text));
  const delivery = isPosted ? "delivered" : "failed";
  tell(engine, "alertRaised", { level, delivery: settings.alertWebhookUrl ? delivery : "none" });
}

/** True when it was taken. Of the address the log says the host alone: the path of an incoming webhook is its secret. */
async function post(log: Log, webhook: URL, text: string): Promise<boolean> {
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
    return response.ok;
  } catch (error) {
    log.error({ host, error: toErrorMessage(error) }, "the alert webhook could not be reached");
    return false;
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
