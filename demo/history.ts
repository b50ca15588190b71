import { addDays, type Day, toDay } from "~/services/rollup/day";
import { drawIndex, drawWait, isLucky, type Random, seedRandom } from "./random";
import { drawPath, type RequestPath } from "./request-path";
import { type EventRow, type RequestRow, type SubmissionRow, toInstant } from "./rows";
import { type ShopPlan, toProductId, toShopId } from "./shops";
import { writeSubmission } from "./submission";
import { toCustomer } from "./voices";

const seed = "testimonials";
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Mail providers' events are kept this long. */
const eventsKeptMs = 92 * dayMs;

/** Everything that happened in a shop, ready for its tables. */
export type History = { requests: RequestRow[]; events: EventRow[]; submissions: SubmissionRow[] };

/** What a history is written with: its shop, its chance, the present, and the rows so far. */
type Pen = History & { plan: ShopPlan; random: Random; nowMs: number };

/**
 * The shop's history up to `now`, the same for the same `now`. Nothing in it is later than `now`; what was to be sent
 * later today is scheduled.
 */
export function writeHistory(plan: ShopPlan, now: Date): History {
  const random = seedRandom(`${seed} ${plan.domain}`);
  const pen: Pen = { plan, random, nowMs: now.getTime(), requests: [], events: [], submissions: [] };
  const days = countRequestsByDay(plan, toDay(now), random);
  for (const [day, count] of days) {
    for (let index = 0; index < count; index += 1) writeRequest(pen, drawSendTime(random, day));
  }
  const { requests, events, submissions } = pen;
  return { requests, events, submissions };
}

/** Shares the shop's requests out over its days by weekday, growth and campaign; they add up exactly. */
function countRequestsByDay(plan: ShopPlan, today: Day, random: Random): [Day, number][] {
  const weights = Array.from({ length: plan.ageDays }, (_, index): [Day, number] => {
    const daysAgo = plan.ageDays - 1 - index;
    const day = addDays(today, -daysAgo);
    const weekday = plan.weekdays[new Date(day).getUTCDay()] ?? 1;
    const age = (plan.campaign?.daysAgo ?? -1) - daysAgo;
    const campaign = plan.campaign && age >= 0 && age < plan.campaign.days ? plan.campaign.factor : 1;
    return [day, weekday * campaign * plan.growthPerYear ** (index / 365) * (0.8 + 0.4 * random())];
  });
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  let before = 0;
  return weights.map(([day, weight]) => {
    const from = Math.round((plan.requests * before) / total);
    before += weight;
    return [day, Math.round((plan.requests * before) / total) - from];
  });
}

/** Mail goes out at all hours, most of it around noon. */
function drawSendTime(random: Random, day: Day): number {
  return Date.parse(day) + Math.floor(((random() + random() + random()) / 3) * dayMs);
}

function writeRequest(pen: Pen, sendMs: number): void {
  const { plan, random, nowMs } = pen;
  const customer = toCustomer(drawIndex(random, Math.ceil(plan.requests / 2), 1.1));
  const product = drawIndex(random, plan.products.length, 1.7);
  const id = `${toShopId(plan)}-r${pen.requests.length + 1}`;
  const path = drawPath(random, plan, sendMs, nowMs);
  writeEvents(pen, id, path);
  pen.requests.push({
    id,
    shop_id: toShopId(plan),
    status: path.status,
    sent_at: toInstant(path.sentMs),
    clicked_at: toInstant(path.isClickTimeKnown ? path.clickedMs : null),
    submitted_at: toInstant(path.submittedMs),
    shopify_product_id: toProductId(product),
    customer_email: customer.email,
    created_at: toInstant(Math.min(sendMs, nowMs) - hourMs),
    updated_at: toInstant(path.submittedMs ?? path.clickedMs ?? path.sentMs ?? Math.min(sendMs, nowMs)),
  });
  const occasion = { id: `${toShopId(plan)}-s${pen.submissions.length + 1}`, customer, product };
  if (path.submittedMs !== null) {
    const asked = { ...occasion, requestId: id, submittedMs: path.submittedMs };
    pen.submissions.push(writeSubmission(random, plan, asked, nowMs));
  } else if (path.sentMs !== null && isLucky(random, 0.01)) {
    // Some write of their own accord, through the form on the shop's pages.
    const unasked = { ...occasion, requestId: null, submittedMs: path.sentMs };
    pen.submissions.push(writeSubmission(random, plan, unasked, nowMs));
  }
}

/** Recent requests have all their events; of the older ones, those whose click nothing else tells of. */
function writeEvents({ plan, random, nowMs, events }: Pen, requestId: string, path: RequestPath): void {
  const isRecent = path.plannedMs > nowMs - eventsKeptMs;
  function write(event_type: EventRow["event_type"], ms: number | null): void {
    if (ms === null || ms > nowMs) return;
    const id = `${toShopId(plan)}-e${events.length + 1}`;
    events.push({ id, shop_id: toShopId(plan), request_id: requestId, event_type, event_at: toInstant(ms) });
  }
  if (path.status === "failed") write("failed", path.plannedMs);
  if (isRecent && path.sentMs !== null) write("delivered", path.sentMs + 2_000);
  if (isRecent) write("opened", path.openedMs);
  if (path.clickedMs === null) return;
  if (isRecent || !path.isClickTimeKnown) write("clicked", path.clickedMs);
  // The same mail clicked again, often on another day.
  if (!path.isClickTimeKnown && isLucky(random, 0.25)) write("clicked", path.clickedMs + drawWait(random, dayMs));
}
