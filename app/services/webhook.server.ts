import type { Prisma } from "@prisma/client";
import pLimit from "p-limit";
import { db, reservedDb } from "~/db.server";
import { log } from "~/log.server";
import { countWebhookDuplicate } from "~/metrics.server";

/** A webhook as Shopify delivers it. Its retries have the same id. */
export type Delivery = { shopDomain: string; topic: string; webhookId: string };

/** Longer than Shopify retries a webhook, which is four hours. */
const keptDays = 7;

/** Of the reserved connections, webhooks leave one to the health check and the leases. */
const limit = pLimit(2);

/** A recount or a writer that holds a row makes the webhook wait for no longer; Shopify repeats it. */
const lockTimeout = "15s";
/** No index leads to a customer's address: a shop with millions of requests takes longer than Prisma's five seconds. */
const workTimeoutMs = 60_000;

const atWork = new Map<string, Promise<unknown>>();

/**
 * Does the work of a webhook once. The record that it is done commits with the work, so a process that dies has done
 * both or neither. A duplicate that comes meanwhile, here or to another process, waits for the first one's end.
 *
 * @returns what `work` returns, or undefined where this delivery has been handled before.
 */
export async function handleOnce<Result extends NonNullable<unknown>>(
  delivery: Delivery,
  work: (tx: Prisma.TransactionClient) => Promise<Result>,
): Promise<Result | undefined> {
  const key = JSON.stringify([delivery.shopDomain, delivery.topic, delivery.webhookId]);
  const first = atWork.get(key);
  if (first) {
    await first;
    return logDuplicate(delivery);
  }
  const handling = limit(() => handle(delivery, work)).finally(() => atWork.delete(key));
  atWork.set(key, handling);
  return (await handling) ?? logDuplicate(delivery);
}

function handle<Result>(
  { shopDomain, topic, webhookId }: Delivery,
  work: (tx: Prisma.TransactionClient) => Promise<Result>,
): Promise<Result | undefined> {
  return reservedDb.$transaction(
    async (tx) => {
      await tx.$executeRawUnsafe(`set local lock_timeout = '${lockTimeout}'`);
      const recorded = await tx.$executeRawUnsafe(recordStatement, shopDomain, topic, webhookId);
      return recorded === 0 ? undefined : await work(tx);
    },
    { timeout: workTimeoutMs, maxWait: workTimeoutMs },
  );
}

/** $1 the shop's domain, $2 the topic, $3 the webhook. Waits for another transaction that does the same. */
const recordStatement = `
insert into handled_webhooks (shop_domain, topic, webhook_id)
values ($1::text, $2::text, $3::text)
on conflict do nothing`;

function logDuplicate(delivery: Delivery): undefined {
  countWebhookDuplicate(delivery.topic);
  log.info(delivery, "a webhook came again and is not handled again");
}

/** Forgets the webhooks that Shopify repeats no more. */
export async function forgetHandledWebhooks(): Promise<void> {
  await db.$executeRawUnsafe(
    "delete from handled_webhooks where handled_at < timezone('utc', now()) - make_interval(days => $1::int)",
    keptDays,
  );
}
