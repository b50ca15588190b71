import { setTimeout as pause } from "node:timers/promises";
import { db, reservedDb } from "~/db.server";
import { log } from "~/log.server";
import { rollup } from "~/rollup.server";
import { toErrorMessage } from "~/services/rollup/error.server";
import { settleRequest } from "./privacy.server";
import { type Erasure, eraseShop } from "./shop.server";
import { forgetHandledWebhooks } from "./webhook.server";

// An erasure takes minutes in a large shop, and Shopify waits five seconds for its answer. So a request to erase a shop
// is registered first, and done from the register: right away, and by whichever process looks next when that one dies.

/** A large shop's rows take longer to delete than Prisma lets a transaction take by default. */
const eraseTimeoutMs = 10 * 60_000;
/** Most shops are erased by then, so that the answer tells of it. */
const answerLimitMs = 1_000;
const watchIntervalMs = 10_000;

const erasures = new Map<string, Promise<void>>();
const alerts = new Set<Promise<void>>();

/** Begins to erase the shop of a registered request, and returns when that is done or a webhook's answer is due. */
export async function eraseRegistered(requestId: string): Promise<void> {
  const limit = new AbortController();
  const erasure = startErasure(requestId);
  await Promise.race([erasure, pause(answerLimitMs, undefined, { signal: limit.signal }).catch(() => undefined)]);
  limit.abort();
}

function startErasure(requestId: string): Promise<void> {
  const running = erasures.get(requestId);
  if (running) return running;
  const erasure = performErasure(requestId)
    .catch((error: unknown) => {
      log.error({ privacyRequestId: requestId, error: toErrorMessage(error) }, "a shop could not be erased yet");
    })
    .finally(() => erasures.delete(requestId));
  erasures.set(requestId, erasure);
  return erasure;
}

/** On a connection of everyone's: it may take minutes, and the reserved ones are few. */
async function performErasure(requestId: string): Promise<void> {
  const erased = await db.$transaction(
    async (tx) => {
      const [request] = await tx.$queryRawUnsafe<PendingErasure[]>(takeErasureStatement, requestId);
      if (!request) return null;
      const erasure = await eraseShop(tx, request.shopDomain, request.requestedAt);
      await settleRequest(tx, requestId, erasure);
      return { ...erasure, shopDomain: request.shopDomain };
    },
    { timeout: eraseTimeoutMs, maxWait: eraseTimeoutMs },
  );
  if (!erased) return;
  const { outcome, ...line } = erased;
  log.info({ privacyRequestId: requestId, ...line }, erasureLines[outcome]);
}

const erasureLines: Record<Erasure["outcome"], string> = {
  done: "a shop is erased",
  nothing_found: "a shop was to be erased, and nothing of it is here",
  ignored_as_old: "a shop was to be erased that has come back since, and stays",
};

type PendingErasure = { shopDomain: string; requestedAt: Date };

/** $1 the request. None when it is done, or another process is at it. */
const takeErasureStatement = `
select p.shop_domain as "shopDomain", coalesce(p.triggered_at, p.received_at) as "requestedAt"
from privacy_requests p
where p.id = $1::text
  and p.topic = 'shop/redact'
  and p.outcome = 'pending'
for update skip locked`;

/** Does what is due, now and every few seconds: erasures that were cut off, reminders. Returns the function that ends it. */
export function watchPrivacyRequests(): () => void {
  async function look(): Promise<void> {
    try {
      await resumeErasures();
      await raiseDueAlerts();
      await forgetHandledWebhooks();
    } catch (error) {
      log.warn({ error: toErrorMessage(error) }, "could not look for privacy requests to go on with");
    }
  }
  void look();
  const timer = setInterval(() => void look(), watchIntervalMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Continues the erasures that are registered and not done, without waiting for their end. */
export async function resumeErasures(): Promise<void> {
  const pending = await db.privacyRequest.findMany({
    where: { topic: "shop/redact", outcome: "pending" },
    orderBy: { receivedAt: "asc" },
    select: { id: true },
  });
  for (const { id } of pending) void startErasure(id);
}

/** Resolves when this process erases no shop and posts no alert. */
export async function settlePrivacyRequests(): Promise<void> {
  await Promise.all([...erasures.values(), ...alerts]);
}

/** Tells operators of the open requests that are due for it, each once, and again a week later. */
export async function raiseDueAlerts(): Promise<void> {
  const due = await reservedDb.$queryRawUnsafe<DueRequest[]>(takeDueStatement);
  for (const request of due) {
    const alert = rollup.raiseAlert(toAlertText(request), {
      privacyRequestId: request.id,
      shopDomain: request.shopDomain,
    });
    // Posting it may take seconds, and Shopify waits for an answer.
    alerts.add(alert);
    void alert.finally(() => alerts.delete(alert));
  }
}

type DueRequest = { id: string; topic: string; shopDomain: string; dueDay: string };

const takeDueStatement = `
update privacy_requests p
set alert_at = timezone('utc', now()) + interval '7 days'
where p.outcome = 'pending'
  and p.alert_at <= timezone('utc', now())
returning p.id, p.topic, p.shop_domain as "shopDomain", to_char(p.due_at, 'YYYY-MM-DD') as "dueDay"`;

function toAlertText({ id, topic, shopDomain, dueDay }: DueRequest): string {
  if (topic === "shop/redact") {
    return `Privacy: the shop ${shopDomain} is still to be erased, by ${dueDay}. It is tried again and again, and the log says why it fails.`;
  }
  return `Privacy: a customer of ${shopDomain} asks for their data. Send it to the shop's owner by ${dueDay}: GET /jobs/privacy/${id} has it, and POST {"handled":true} there closes the request.`;
}
