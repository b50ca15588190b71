import type { SubmissionItem } from "~/components/submission-list";
import type { TopItem } from "~/components/top-list";
import type { DashboardNumbers } from "~/services/dashboard.server";
import { toProductLabel } from "./product";
import { toInstantText, toNumberText, toShare } from "./text";

type Latest = DashboardNumbers["extras"]["latest"][number];
type TopProduct = DashboardNumbers["extras"]["topProducts"][number];

const mostStars = 5;

const tones: Record<string, NonNullable<SubmissionItem["status"]["tone"]>> = {
  pending: "attention",
  approved: "success",
};

/** The products of the range that have most testimonials, ready to be shown. */
export function toTopItems(products: TopProduct[]): TopItem[] {
  const most = products[0]?.count ?? 0;
  return products.map(({ productId, count }) => ({
    id: productId,
    label: toProductLabel(productId),
    value: toNumberText(count),
    share: toShare(count, most) ?? 0,
  }));
}

/** A testimonial, ready to be shown. */
export function toSubmissionItem({ id, mediaType, rating, status, headline, submittedAt }: Latest): SubmissionItem {
  const tone = tones[status];
  return {
    id,
    headline: headline?.trim() || "No headline",
    type: capitalize(mediaType),
    status: { text: capitalize(status), ...(tone && { tone }) },
    rating: rating === null ? null : toRating(rating),
    when: toInstantText(submittedAt),
    instant: submittedAt,
  };
}

function toRating(rating: number): NonNullable<SubmissionItem["rating"]> {
  const full = Math.min(mostStars, Math.max(0, rating));
  return { stars: "★".repeat(full) + "☆".repeat(mostStars - full), text: `${rating} of ${mostStars} stars` };
}

function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
