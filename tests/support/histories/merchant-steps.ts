import fc from "fast-check";
import { expectSame, unchanged } from "./check";
import { anyItem, emails } from "./insert-steps";
import { storeSession } from "./shop-steps";
import { type Context, toAppStep } from "./step";
import { listShops, pick, removeCustomer, removeShop } from "./world";

type Webhook = "app/uninstalled" | "customers/redact" | "shop/redact";

export const redactCustomer = toAppStep(
  "redact a customer",
  fc.record({ shop: anyItem, email: fc.constantFrom(...emails) }),
  async (context, { shop: number, email }) => {
    const shop = pick(listShops(context.world), number);
    if (!shop) return false;
    await deliver(context, "customers/redact", shop.domain, { customer: { email } });
    removeCustomer(context.world, shop, email);
    return { change: unchanged };
  },
);

export const redactShop = toAppStep("redact a shop", anyItem, async (context, number) => {
  const { world, app, figures } = context;
  const shop = pick(listShops(world), number);
  if (!shop) return false;
  await deliver(context, "shop/redact", shop.domain);
  removeShop(world, shop);
  const left = await app.db.$queryRawUnsafe(
    `select 'shops' as "table" from shops where id = $1
     union all select 'requests' from testimonial_requests where shop_id = $1
     union all select 'events' from testimonial_request_events where shop_id = $1
     union all select 'submissions' from testimonial_submissions where shop_id = $1
     union all select 'days' from testimonial_daily_analytics where shop_id = $1
     union all select 'marks' from rollup_marks where shop_id = $1
     union all select 'failing' from rollup_shops where shop_id = $1
     union all select 'runs' from rollup_runs r where r::text like '%' || $1 || '%'
     union all select 'sessions' from "Session" where shop = $2`,
    shop.id,
    shop.domain,
  );
  expectSame("what is left of a redacted shop", left, [], figures);
  return { change: unchanged };
});

export const uninstall = toAppStep("uninstall", anyItem, async (context, number) => {
  const shop = pick(
    context.world.shops.filter((candidate) => candidate.state === "installed"),
    number,
  );
  if (!shop) return false;
  await deliver(context, "app/uninstalled", shop.domain);
  shop.state = "uninstalled";
  return { change: unchanged };
});

export const installAgain = toAppStep("install again", anyItem, async ({ world, app, writer, lines }, number) => {
  const shop = pick(
    world.shops.filter((candidate) => candidate.state === "uninstalled"),
    number,
  );
  if (!shop) return false;
  lines.push(`  install ${shop.domain} again`);
  await app.shops.ensureShop({ domain: shop.domain, vouchedAt: new Date() });
  await storeSession(writer, shop);
  shop.state = "installed";
  return { change: unchanged };
});

async function deliver({ app, lines }: Context, topic: Webhook, shop: string, payload: object = {}): Promise<void> {
  const body = JSON.stringify(payload);
  lines.push(`  POST /webhooks/${topic} of ${shop} ${body}`);
  const routes = {
    "app/uninstalled": app.uninstall,
    "customers/redact": app.redactCustomer,
    "shop/redact": app.redactShop,
  };
  const response = await app.webhook.call(routes[topic].action, app.webhook.toRequest({ topic, shop, body }));
  if (response.status !== 200) throw new Error(`The webhook ${topic} was answered with ${response.status}.`);
}
