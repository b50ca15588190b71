import fc from "fast-check";
import { type InstantPlan, instantOrNull, noonOf, someInstant, toKept, toSqlText } from "./instants";
import { type NewRow, type SourceName, tables, toColumns, toInsert } from "./sql";
import { toStep } from "./step";
import { listShops, pick, type World } from "./world";

// Which shop, row or customer a step means is a number, counted round over those that there are: steps make sense in any
// history, and so a history can be made shorter.
export const anyItem = fc.nat(19);

export const emails = ["ann@example.com", "bob@example.com"];
export const statuses = ["pending", "approved", "rejected", "archived"];
export const mediaTypes = ["video", "photo", "text"];
export const eventTypes = ["clicked", "opened", "sent"];
/** Of stars, and some that are none. */
export const ratings = [null, 0, 1, 2, 3, 4, 5, 5, 6];

const newRequest = fc.record({
  table: fc.constant("requests" as const),
  shop: anyItem,
  sent: instantOrNull,
  // Mostly without a recorded click, so that click events count.
  clicked: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 2, arbitrary: someInstant }),
  submitted: fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: someInstant }),
  email: fc.constantFrom(null, ...emails),
});

const newEvent = fc.record({
  table: fc.constant("events" as const),
  /** The shop of its request, or now and then any other. */
  shop: fc.option(anyItem, { freq: 5 }),
  request: anyItem,
  type: fc.constantFrom("clicked", ...eventTypes),
  at: someInstant,
});

const newSubmission = fc.record({
  table: fc.constant("submissions" as const),
  shop: anyItem,
  request: fc.option(anyItem),
  status: fc.constantFrom(...statuses),
  media: fc.constantFrom(...mediaTypes),
  rating: fc.constantFrom(...ratings),
  submitted: instantOrNull,
  approved: instantOrNull,
  published: instantOrNull,
});

type PlanOf<Plans> = Plans extends fc.Arbitrary<infer Value> ? Value : never;
type Plan = PlanOf<typeof newRequest | typeof newEvent | typeof newSubmission>;

export const insertRequest = toStep("insert a request", newRequest, (world, session, plan) =>
  insertRows(world, "requests", [plan], (sql) => session.execute(sql)),
);

export const insertEvent = toStep("insert an event", newEvent, (world, session, plan) =>
  insertRows(world, "events", [plan], (sql) => session.execute(sql)),
);

export const insertSubmission = toStep("insert a testimonial", newSubmission, (world, session, plan) =>
  insertRows(world, "submissions", [plan], (sql) => session.execute(sql)),
);

const manyRows = fc.oneof(
  fc.record({ table: fc.constant("requests" as const), rows: several(newRequest) }),
  fc.record({ table: fc.constant("events" as const), rows: several(newEvent) }),
  fc.record({ table: fc.constant("submissions" as const), rows: several(newSubmission) }),
);

export const bulkInsert = toStep("insert many rows", manyRows, (world, session, { table, rows }) =>
  insertRows(world, table, rows, (sql) => session.execute(sql)),
);

export const copyIn = toStep("copy rows in", manyRows, (world, session, { table, rows }) =>
  insertRows(world, table, rows, (_, columns) => {
    const target = `${tables[table]} (${Object.keys(columns[0] ?? {}).join(", ")})`;
    return session.copy(
      target,
      columns.map((row) => Object.values(row).join(",")),
    );
  }),
);

function several<Value>(row: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> {
  return fc.array(row, { minLength: 1, maxLength: 6 });
}

type Send = (sql: string, columns: Record<string, string | null>[]) => Promise<void>;

/** Sends the rows in one statement and adds them to the model, but those that need a shop or a request and find none. */
async function insertRows(world: World, table: SourceName, plans: Plan[], send: Send): Promise<boolean> {
  const rows = plans.flatMap((plan) => toRow(world, plan) ?? []);
  if (rows.length === 0) return false;
  const columns = rows.map((row) => toColumns(world, row));
  await send(toInsert(table, columns), columns);
  for (const row of rows) addRow(world, row);
  return true;
}

function toRow(world: World, plan: Plan): NewRow | undefined {
  const text = (instant: InstantPlan) => toSqlText(instant, world.today);
  const shop = pick(listShops(world), plan.shop ?? 0);
  const request = plan.table === "requests" ? undefined : pick(world.requests, plan.request ?? 0);
  if (!shop || (plan.table === "events" && !request)) return undefined;
  world.made += 1;
  const common = { id: `${world.shops[0]?.id}-${plan.table}-${world.made}`, shop: shop.key };
  if (plan.table === "requests") {
    const { sent, clicked, submitted, email } = plan;
    const instants = { sentAt: text(sent), clickedAt: text(clicked), submittedAt: text(submitted) };
    return { table: "requests", row: { ...common, key: world.made, ...instants, email } };
  }
  if (plan.table === "events") {
    if (!request) return undefined;
    const owner = plan.shop === null ? request.shop : shop.key;
    const at = text(plan.at) ?? "infinity";
    return { table: "events", row: { ...common, shop: owner, request: request.key, type: plan.type, at } };
  }
  return {
    table: "submissions",
    row: {
      ...common,
      request: plan.request === null ? null : (request?.key ?? null),
      status: plan.status,
      media: plan.media,
      rating: plan.rating,
      submittedAt: text(plan.submitted),
      approvedAt: text(plan.approved),
      publishedAt: text(plan.published),
    },
  };
}

function addRow(world: World, { table, row }: NewRow): void {
  if (table === "requests") {
    const instants = {
      sentAt: toKept(row.sentAt),
      clickedAt: toKept(row.clickedAt),
      submittedAt: toKept(row.submittedAt),
    };
    world.requests.push({ ...row, ...instants });
  } else if (table === "events") {
    world.events.push({ ...row, at: toKept(row.at) ?? "" });
  } else {
    const [submittedAt, publishedAt] = [toKept(row.submittedAt), toKept(row.publishedAt)];
    // Approved without a time: it was when it was published, else submitted, else now.
    const stamp = row.status === "approved" ? (publishedAt ?? submittedAt ?? noonOf(world.today)) : null;
    world.submissions.push({ ...row, submittedAt, publishedAt, approvedAt: toKept(row.approvedAt) ?? stamp });
  }
}
