import { z } from "zod";
import { dashboardCounts } from "~/report/figures";
import { toShopifyIdSql } from "~/services/product.server";
import { toRecentWeeks } from "~/services/recent-weeks";
import { type ReportQuery, readReport, toReportExtras } from "~/services/report.server";
import { hasDataSql } from "~/services/source-sql.server";
import { waitingSchema, waitingSql } from "~/services/waiting-sql.server";

const listedProducts = 5;
const listedSubmissions = 6;

/** The longest text that leaves the database, in characters. More of it would not fit on its line. */
const mostTextLength = 200;
const mostWordLength = 40;

/** Titles are asked for again after this. Webhooks keep them right meanwhile, but may be lost. */
const freshDays = 7;

/** What is drawn of a picture, on a screen with two points to a pixel. */
const thumbnailWidth = 80;

const extrasSchema = z.object({
  /** False until the shop's first request or testimonial. */
  hasData: z.boolean(),
  /** Testimonials of any age that wait for moderation. */
  waiting: waitingSchema,
  /** Of the testimonials submitted in the range, those with a product, whose id may be cut. Most first. */
  topProducts: z.array(
    z.object({
      productId: z.string(),
      count: z.number(),
      /** Null where the id is none of Shopify's. */
      shopifyId: z.string().nullable(),
      /** What is stored of the product from Shopify; its title is null, too, where it was deleted before. */
      stored: z.enum(["none", "old", "fresh"]),
      title: z.string().nullable(),
      imageUrl: z.string().nullable().transform(toThumbnailUrl),
      isDeleted: z.boolean(),
    }),
  ),
  /**
   * The latest testimonials of any age, newest first. Each value is null where a host's table has none, or one that a
   * page can't show. Instants are ISO 8601 with Z, of the years that four digits can write.
   */
  latest: z.array(
    z.object({
      mediaType: z.string().nullable(),
      rating: z.string().nullable().transform(toFiniteNumber),
      status: z.string().nullable(),
      headline: z.string().nullable(),
      submittedAt: z.string().nullable(),
    }),
  ),
});

/** Hosts keep ratings as integers, numerics or floats, of which the last two know NaN and infinity. */
function toFiniteNumber(text: string | null): number | null {
  const number = Number(text);
  return text === null || !Number.isFinite(number) ? null : number;
}

/** Shopify's CDN makes a picture smaller when asked by its address. */
function toThumbnailUrl(url: string | null): string | null {
  if (url === null || !URL.canParse(url)) return null;
  const address = new URL(url);
  if (address.hostname === "cdn.shopify.com") address.searchParams.set("width", String(thumbnailWidth));
  return address.href;
}

/** Of any type in SQL, a text of at most `length` characters. */
function toText(expression: string, length: number): string {
  return `left(${expression}::text, ${length})`;
}

const topProductsSql = `
    select coalesce(
      json_agg(
        json_build_object(
          'productId', ${toText("p.id", mostTextLength)},
          'count', p.count,
          'shopifyId', ${toShopifyIdSql("p.id")},
          'stored', case
            when k.product_id is null then 'none'
            when k.fetched_at < timezone('utc', now()) - interval '${freshDays} days' then 'old'
            else 'fresh'
          end,
          'title', ${toText("k.title", mostTextLength)},
          'imageUrl', k.image_url,
          'isDeleted', k.deleted_at is not null
        )
        order by p.count desc, p.id
      ),
      '[]'
    )
    from (
      select s.shopify_product_id as id, count(*) as count
      from testimonial_submissions s
      where s.shop_id = :shopId
        and s.submitted_at >= :from::date
        and s.submitted_at < :until::date
        and s.shopify_product_id is not null
      group by s.shopify_product_id
      order by count(*) desc, s.shopify_product_id
      limit ${listedProducts}
    ) p
    left join shop_products k
      on k.shop_id = :shopId
      and k.product_id = ${toShopifyIdSql("p.id")}`;

// An infinite instant is none, and without the limits a shop with many of them would show nothing else.
const latestSql = `
    select coalesce(
      json_agg(
        json_build_object(
          'mediaType', ${toText("l.media_type", mostWordLength)},
          'rating', ${toText("l.rating", mostWordLength)},
          'status', ${toText("l.status", mostWordLength)},
          'headline', ${toText("l.headline", mostTextLength)},
          'submittedAt', case
            when l.submitted_at >= '0001-01-01' and l.submitted_at < '10000-01-01'
              then to_char(l.submitted_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
          end
        )
        order by l.submitted_at desc, l.id
      ),
      '[]'
    )
    from (
      select s.id, s.media_type, s.rating, s.status, s.headline, s.submitted_at
      from testimonial_submissions s
      where s.shop_id = :shopId
        and s.submitted_at > '-infinity'
        and s.submitted_at < 'infinity'
        and (:product::text is null or s.shopify_product_id::text = :product::text)
      order by s.submitted_at desc
      limit ${listedSubmissions}
    ) l`;

const extras = toReportExtras({
  schema: extrasSchema,
  sql: `json_build_object(
    'hasData', ${hasDataSql},
    'waiting', (${waitingSql}),
    'topProducts', (${topProductsSql}),
    'latest', (${latestSql})
  )`,
});

export type DashboardNumbers = Awaited<ReturnType<typeof readDashboard>>;

/** More of them are drawn as weeks: the cards' lines are small. */
const mostDailySteps = 92;

/**
 * All that the dashboard shows of a shop. `weeks`: the totals of the last whole days and of those before, by which a fall is
 * told, whatever the range; none where the numbers are of one product.
 */
export async function readDashboard(shopId: string, query: ReportQuery) {
  const ranges = toRecentWeeks(query.today);
  const needs = { figures: dashboardCounts, mostDailySteps, ranges, extras };
  const { beside, ...numbers } = await readReport(shopId, query, needs);
  const { recentWeek, fourWeeksBefore } = beside;
  const weeks = query.product === null && { recent: recentWeek.totals, before: fourWeeksBefore.totals };
  return { ...numbers, weeks: weeks || null };
}
