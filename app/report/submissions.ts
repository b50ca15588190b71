import type { SubmissionItem } from "~/components/submission-list";
import type { TopItem } from "~/components/top-list";
import type { DashboardNumbers } from "~/services/dashboard.server";
import { toProductLabel } from "./product";
import { dash, toInstantText, toNumberText, toShare } from "./text";

type Latest = DashboardNumbers["extras"]["latest"][number];
type TopProduct = DashboardNumbers["extras"]["topProducts"][number];

const mostStars = 5;

const tones = new Map<string | null, NonNullable<SubmissionItem["status"]["tone"]>>([
  ["pending", "attention"],
  ["approved", "success"],
]);

/** The products of the range that have most testimonials, ready to be shown. */
export function toTopItems(products: TopProduct[]): TopItem[] {
  const most = products[0]?.count ?? 0;
  return products.map(({ productId, title, imageUrl, isDeleted, count }, index) => ({
    // Not the product's: two that are cut may be the same.
    id: String(index),
    label: toVisibleText(title) ?? toVisibleText(toProductLabel(productId)) ?? dash,
    picture: imageUrl,
    // A product that is gone and has no title may as well never have been at Shopify.
    badge: isDeleted && title !== null ? "Deleted" : null,
    value: toNumberText(count),
    share: toShare(count, most) ?? 0,
  }));
}

/** The latest testimonials, ready to be shown, with a dash where a row has nothing that can be. */
export function toSubmissionItems(latest: Latest[]): SubmissionItem[] {
  return latest.map(({ mediaType, rating, status, headline, submittedAt }, index) => {
    const tone = tones.get(status);
    return {
      id: String(index),
      headline: toVisibleText(headline) ?? "No headline",
      type: capitalize(toVisibleText(mediaType) ?? dash),
      status: { text: capitalize(toVisibleText(status) ?? dash), ...(tone && { tone }) },
      rating: rating === null ? null : toRating(rating),
      when: submittedAt === null ? dash : toInstantText(submittedAt),
      instant: submittedAt,
    };
  });
}

/** What is no number of stars, as hosts may store where nobody has rated, is left out. */
function toRating(rating: number): SubmissionItem["rating"] {
  if (rating < 0 || rating > mostStars) return null;
  const full = Math.round(rating);
  return {
    stars: "★".repeat(full) + "☆".repeat(mostStars - full),
    text: `${Number(rating.toFixed(1))} of ${mostStars} stars`,
  };
}

/** The text without the space around it, or null where nobody would see any. */
function toVisibleText(text: string | null): string | null {
  return text !== null && /[\p{L}\p{N}\p{P}\p{S}]/u.test(text) ? text.trim() : null;
}

function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
