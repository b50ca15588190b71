import type { SubmissionItem } from "~/components/submission-list";
import type { TopItem } from "~/components/top-list";
import type { DashboardNumbers } from "~/services/dashboard.server";
import { dash } from "~/texts/formats";
import type { Locale } from "~/texts/locale";
import { toProductTitle } from "./product";
import { toShare } from "./share";
import { toVisibleText } from "./visible-text";

type Latest = DashboardNumbers["extras"]["latest"][number];
type TopProduct = DashboardNumbers["extras"]["topProducts"][number];

const mostStars = 5;

/** The database gives no more of an id. */
const mostIdLength = 200;

const tones = new Map<string | null, NonNullable<SubmissionItem["status"]["tone"]>>([
  ["pending", "attention"],
  ["approved", "success"],
]);

/** The products of the range that have most testimonials, ready to be shown. */
export function toTopItems(locale: Locale, products: TopProduct[]): TopItem[] {
  const most = products[0]?.count ?? 0;
  return products.map(({ productId, title, imageUrl, isDeleted, count }, index) => ({
    // Not the product's: two that are cut may be the same.
    id: String(index),
    source: productId,
    count,
    label: toProductTitle(locale.texts, { id: productId, title }),
    // One that was cut is of no product.
    productId: productId.length < mostIdLength ? productId : null,
    picture: imageUrl,
    // A product that is gone and has no title may as well never have been at Shopify.
    badge: isDeleted && title !== null ? locale.texts.topProducts.deleted : null,
    value: locale.formatNumber(count),
    share: toShare(count, most) ?? 0,
  }));
}

/** The latest testimonials, ready to be shown, with a dash where a row has nothing that can be. */
export function toSubmissionItems(locale: Locale, latest: Latest[]): SubmissionItem[] {
  const texts = locale.texts.latest;
  return latest.map(({ mediaType, rating, status, headline, submittedAt }, index) => {
    const tone = tones.get(status);
    return {
      id: String(index),
      headline: toVisibleText(headline) ?? texts.noHeadline,
      type: toWord(texts.mediaTypes, mediaType),
      status: { text: toWord(texts.statuses, status), ...(tone && { tone }) },
      rating: rating === null ? null : toRating(locale, rating),
      when: submittedAt === null ? dash : locale.formatInstant(submittedAt),
      instant: submittedAt,
    };
  });
}

/** What is no number of stars, as hosts may store where nobody has rated, is left out. */
function toRating(locale: Locale, rating: number): SubmissionItem["rating"] {
  if (rating < 0 || rating > mostStars) return null;
  const full = Math.round(rating);
  return {
    stars: "★".repeat(full) + "☆".repeat(mostStars - full),
    text: locale.texts.latest.stars(locale.formatDecimal(rating), locale.formatNumber(mostStars)),
  };
}

/** A word that the host stores, in the merchant's language; one that nobody knows as it is, as a word of its own. */
function toWord(known: Record<string, string>, word: string | null): string {
  const visible = toVisibleText(word);
  if (visible === null) return dash;
  return Object.hasOwn(known, visible) ? (known[visible] ?? visible) : capitalize(visible);
}

function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
