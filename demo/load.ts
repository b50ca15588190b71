import { setImmediate } from "node:timers/promises";
import type { PrismaClient } from "@prisma/client";
import { addDays, type Day } from "~/services/rollup/day";
import { issueAccessToken } from "./access-tokens";
import type { History } from "./history";
import type { EventRow, RequestRow, SubmissionRow } from "./rows";
import { type ShopPlan, toShopId } from "./shops";

/** Is told of every chunk how many rows it had. */
export type OnRows = (rows: number) => void;

/** One statement's rows: a fraction of a second's work. */
const chunkRows = 5_000;

type Columns<Row> = Record<keyof Row, "text" | "integer" | "boolean" | "timestamp(3)">;

const requestColumns: Columns<RequestRow> = {
  id: "text",
  shop_id: "text",
  status: "text",
  sent_at: "timestamp(3)",
  clicked_at: "timestamp(3)",
  submitted_at: "timestamp(3)",
  shopify_product_id: "text",
  customer_email: "text",
  created_at: "timestamp(3)",
  updated_at: "timestamp(3)",
};

const eventColumns: Columns<EventRow> = {
  id: "text",
  shop_id: "text",
  request_id: "text",
  event_type: "text",
  event_at: "timestamp(3)",
};

const submissionColumns: Columns<SubmissionRow> = {
  id: "text",
  shop_id: "text",
  request_id: "text",
  status: "text",
  media_type: "text",
  rating: "integer",
  headline: "text",
  review_text: "text",
  display_name: "text",
  shopify_product_id: "text",
  published: "boolean",
  submitted_at: "timestamp(3)",
  approved_at: "timestamp(3)",
  published_at: "timestamp(3)",
  created_at: "timestamp(3)",
  updated_at: "timestamp(3)",
};

/** Installs the shop, as Shopify's login would, and keeps its session, which is all that Shopify's library needs. */
export async function installShop(db: PrismaClient, plan: ShopPlan, today: Day): Promise<void> {
  const { domain } = plan;
  const installedAt = new Date(addDays(today, 1 - plan.ageDays));
  await db.shop.create({ data: { id: toShopId(plan), domain, installedAt }, select: { id: true } });
  await db.session.create({
    // The name under which the library looks for a shop's offline session.
    data: { id: `offline_${domain}`, shop: domain, state: "", accessToken: issueAccessToken(domain) },
    select: { id: true },
  });
}

/** Loads a shop's history, in plain SQL, so that the triggers see what they would see of any app. */
export async function loadHistory(db: PrismaClient, history: History, onRows?: OnRows): Promise<void> {
  await insertRows(db, { table: "testimonial_requests", columns: requestColumns, rows: history.requests, onRows });
  await insertRows(db, { table: "testimonial_request_events", columns: eventColumns, rows: history.events, onRows });
  await insertSubmissions(db, history.submissions, onRows);
}

/** Adds testimonials, as the app or an import would. */
export async function insertSubmissions(db: PrismaClient, rows: SubmissionRow[], onRows?: OnRows): Promise<void> {
  await insertRows(db, { table: "testimonial_submissions", columns: submissionColumns, rows, onRows });
}

/** Lets the planner know what was loaded; a server's autovacuum would do it within a minute. */
export async function analyzeTables(db: PrismaClient): Promise<void> {
  await db.$executeRawUnsafe("analyze");
}

type Insert<Row> = { table: string; columns: Columns<Row>; rows: Row[]; onRows?: OnRows };

async function insertRows<Row>(db: PrismaClient, { table, columns, rows, onRows }: Insert<Row>): Promise<void> {
  const names = Object.keys(columns).join(", ");
  const types = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
  const statement = `
insert into ${table} (${names})
select ${names}
from json_to_recordset($1::json) as rows (${types.join(", ")})`;
  for (let from = 0; from < rows.length; from += chunkRows) {
    const chunk = rows.slice(from, from + chunkRows);
    await db.$executeRawUnsafe(statement, JSON.stringify(chunk));
    onRows?.(chunk.length);
    // PGlite works in this very thread and gives its answers as microtasks, so a Ctrl-C would have to wait for the end.
    await setImmediate();
  }
}
