/** An instant as the source tables hold it: UTC, written as ISO 8601. */
export type Instant = string;

export type RequestRow = {
  id: string;
  shop_id: string;
  status: "scheduled" | "sent" | "clicked" | "submitted" | "expired" | "failed";
  sent_at: Instant | null;
  clicked_at: Instant | null;
  submitted_at: Instant | null;
  shopify_product_id: string;
  customer_email: string;
  created_at: Instant;
  updated_at: Instant;
};

export type EventRow = {
  id: string;
  shop_id: string;
  request_id: string;
  event_type: "delivered" | "opened" | "clicked" | "failed";
  event_at: Instant;
};

export type SubmissionRow = {
  id: string;
  shop_id: string;
  request_id: string | null;
  status: "pending" | "approved" | "rejected" | "archived";
  media_type: "video" | "photo" | "text";
  rating: number;
  headline: string;
  review_text: string;
  display_name: string;
  shopify_product_id: string;
  published: boolean;
  submitted_at: Instant;
  approved_at: Instant | null;
  published_at: Instant | null;
  created_at: Instant;
  updated_at: Instant;
};

/** Milliseconds since 1970 as an instant; null stays null. */
export function toInstant(ms: number): Instant;
export function toInstant(ms: number | null): Instant | null;
export function toInstant(ms: number | null): Instant | null {
  return ms === null ? null : new Date(ms).toISOString();
}
