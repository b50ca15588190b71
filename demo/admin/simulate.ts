import { randomUUID } from "node:crypto";
import { addDays, toDay } from "~/services/rollup/day";
import { deleteCustomer } from "../late-changes";
import { insertSubmissions, loadHistory } from "../load";
import { drawIndex, seedRandom } from "../random";
import { type RequestRow, toInstant } from "../rows";
import { type ShopPlan, toProductId, toShopId } from "../shops";
import { postRollup, type Site } from "../site";
import { writeSubmission } from "../submission";
import { toCount } from "../terminal";
import { toCustomer } from "../voices";
import { deleteProduct, renameProduct, toPictureUrl } from "./catalogue";
import { sendWebhook } from "./shopify";
import { approveOldest, findRecentCustomer, listTopProducts } from "./source-changes";

const sentCount = 50;
const importedCount = 500;
const importedDays = 365;
const dayMs = 24 * 3_600_000;

/** Something that happens in a shop, written to its source tables in plain SQL. Resolves to what was written. */
type Simulation = (site: Site, plan: ShopPlan, now: Date) => Promise<string>;

/** The controls of the panel by the last part of their address. */
export const simulations: Record<string, Simulation> = {
  send: sendRequests,
  approve: approveOne,
  "delete-customer": forgetOne,
  import: importOld,
  rollup: runRollup,
  "rename-product": renameTop,
  "delete-product": deleteTop,
  uninstall,
};

async function sendRequests({ db }: Site, plan: ShopPlan, now: Date): Promise<string> {
  const random = seedRandom(randomUUID());
  const requests = Array.from({ length: sentCount }, (): RequestRow => {
    const at = toInstant(now.getTime());
    return {
      id: `${toShopId(plan)}-r-${randomUUID()}`,
      shop_id: toShopId(plan),
      status: "sent",
      sent_at: at,
      clicked_at: null,
      submitted_at: null,
      shopify_product_id: toProductId(drawIndex(random, plan.products.length, 1)),
      customer_email: toCustomer(500_000 + drawIndex(random, 100_000, 1)).email,
      created_at: at,
      updated_at: at,
    };
  });
  await loadHistory(db, { requests, events: [], submissions: [] });
  return `${sentCount} requests were sent, on ${toDay(now)}.`;
}

async function approveOne({ db }: Site, plan: ShopPlan, now: Date): Promise<string> {
  const approved = await approveOldest(db, plan);
  if (!approved) return "Nothing was written: no testimonial is pending in this shop.";
  return `The testimonial of ${approved.date} by ${approved.name} is approved; approvals count on the day they are given, ${toDay(now)}.`;
}

async function forgetOne({ db }: Site, plan: ShopPlan): Promise<string> {
  const email = await findRecentCustomer(db, plan);
  if (!email) return "Nothing was written: this shop has no customers yet.";
  const { requests, submissions } = await deleteCustomer(db, plan, email);
  return `${email} is deleted, with ${count(requests, "request")} and ${count(submissions, "testimonial")}.`;
}

async function importOld({ db }: Site, plan: ShopPlan, now: Date): Promise<string> {
  const batch = randomUUID();
  const random = seedRandom(batch);
  const startMs = now.getTime() - importedDays * dayMs;
  const imported = Array.from({ length: importedCount }, (_, index) => {
    const submittedMs = Math.floor(startMs + (index * (importedDays - 1) * dayMs) / importedCount);
    const id = `${toShopId(plan)}-import-${batch}-${index + 1}`;
    const customer = toCustomer(900_000 + index);
    const product = drawIndex(random, plan.products.length, 1);
    return writeSubmission(random, plan, { id, requestId: null, customer, product, submittedMs }, now.getTime());
  });
  await insertSubmissions(db, imported);
  const today = toDay(now);
  return `${importedCount} testimonials of ${addDays(today, -importedDays)} to ${addDays(today, -1)} are imported.`;
}

/** A call stops at its budget, so it is repeated until no day is left, as a cron would over time. */
async function runRollup(site: Site): Promise<string> {
  const total = { days: 0, rows: 0, durationMs: 0 };
  let remaining: number;
  do {
    const answer = await postRollup(site);
    total.days += answer.days;
    total.rows += answer.rowsWritten + answer.rowsDeleted;
    total.durationMs += answer.durationMs;
    remaining = answer.remaining;
  } while (remaining > 0);
  if (total.days === 0) return "The rollup had nothing to recount.";
  return `The rollup recounted ${count(total.days, "day")} of all shops and changed ${count(total.rows, "daily row")}, in ${Math.round(total.durationMs)} ms. The numbers are the same.`;
}

/** The product that stands first on the dashboard, of those that the shop still has. */
async function changeTop<Product>(
  { db }: Site,
  plan: ShopPlan,
  change: (plan: ShopPlan, id: string) => Product | null,
): Promise<Product | null> {
  for (const id of await listTopProducts(db, plan)) {
    const product = change(plan, id);
    if (product) return product;
  }
  return null;
}

async function renameTop(site: Site, plan: ShopPlan): Promise<string> {
  const product = await changeTop(site, plan, renameProduct);
  if (!product) return "Nothing was renamed: no product of this shop has testimonials of the last 30 days.";
  const { id, title, updatedAt } = product;
  const image = { src: toPictureUrl(id), alt: title };
  const number = Number(id.split("/").at(-1));
  await sendWebhook(site, plan, "products/update", {
    id: number,
    admin_graphql_api_id: id,
    title,
    updated_at: updatedAt.toISOString(),
    image,
    images: [image],
  });
  return `Shopify has told the app that a product is called ${title} now.`;
}

async function deleteTop(site: Site, plan: ShopPlan): Promise<string> {
  const product = await changeTop(site, plan, deleteProduct);
  if (!product) return "Nothing was deleted: no product of this shop has testimonials of the last 30 days.";
  await sendWebhook(site, plan, "products/delete", { id: Number(product.id.split("/").at(-1)) });
  return `Shopify has told the app that ${product.title} is deleted. Its testimonials stay.`;
}

async function uninstall(site: Site, plan: ShopPlan): Promise<string> {
  await sendWebhook(site, plan, "app/uninstalled", { domain: plan.domain });
  return "The app is uninstalled from this shop.";
}

function count(number: number, noun: string): string {
  return `${toCount(number)} ${noun}${number === 1 ? "" : "s"}`;
}
