import { drawWait, drawWeighted, isLucky, type Random } from "./random";
import { type SubmissionRow, toInstant } from "./rows";
import { type ShopPlan, toProductId, toShopId } from "./shops";
import { type Customer, writeReview } from "./voices";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

const ratings = { "5": 62, "4": 24, "3": 7, "2": 3, "1": 4 };

/** A testimonial about to be written: by whom, about which product, when, and what asked for it. */
export type Occasion = {
  id: string;
  requestId: string | null;
  customer: Customer;
  product: number;
  submittedMs: number;
};

/** The testimonial as it stands `nowMs`: what has not happened by then is not in it. */
export function writeSubmission(random: Random, plan: ShopPlan, occasion: Occasion, nowMs: number): SubmissionRow {
  const rating = Number(drawWeighted(random, ratings));
  const review = writeReview(random, plan.products[occasion.product] ?? plan.products[0], rating);
  const { status, published, approvedMs, publishedMs, decidedMs } = plan.approvesByItself
    ? publishAt(occasion.submittedMs)
    : moderate(random, rating, occasion.submittedMs, nowMs);
  return {
    id: occasion.id,
    shop_id: toShopId(plan),
    request_id: occasion.requestId,
    status,
    media_type: drawWeighted(random, plan.media),
    rating,
    headline: review.headline,
    review_text: review.text,
    display_name: occasion.customer.displayName,
    shopify_product_id: toProductId(occasion.product),
    published,
    submitted_at: toInstant(occasion.submittedMs),
    approved_at: toInstant(approvedMs),
    published_at: toInstant(publishedMs),
    created_at: toInstant(occasion.submittedMs),
    updated_at: toInstant(publishedMs ?? decidedMs),
  };
}

type Moderation = Pick<SubmissionRow, "status" | "published"> & {
  /** When someone last decided, or when it was submitted while nobody has. */
  decidedMs: number;
  approvedMs: number | null;
  publishedMs: number | null;
};

function publishAt(ms: number): Moderation {
  return { status: "approved", published: true, decidedMs: ms, approvedMs: ms, publishedMs: ms };
}

function moderate(random: Random, rating: number, submittedMs: number, nowMs: number): Moderation {
  const decidedMs = submittedMs + 10 * minuteMs + drawWait(random, 30 * hourMs);
  // A few are never looked at.
  if (decidedMs > nowMs || isLucky(random, 0.015)) {
    return { status: "pending", published: false, decidedMs: submittedMs, approvedMs: null, publishedMs: null };
  }
  if (isLucky(random, rating < 3 ? 0.5 : 0.06)) {
    return { status: "rejected", published: false, decidedMs, approvedMs: null, publishedMs: null };
  }
  const publishMs = decidedMs + minuteMs + drawWait(random, 18 * hourMs);
  const isPublished = publishMs <= nowMs && isLucky(random, rating < 3 ? 0.2 : 0.92);
  // Archiving takes a testimonial off the shop's pages; that it was published once stays true.
  const isArchived = isPublished && isLucky(random, 0.04);
  return {
    status: isArchived ? "archived" : "approved",
    published: isPublished && !isArchived,
    decidedMs,
    approvedMs: decidedMs,
    publishedMs: isPublished ? publishMs : null,
  };
}
