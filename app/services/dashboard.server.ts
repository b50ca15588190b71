import { z } from "zod";
import type { DayRange } from "~/services/rollup/day";
import { type Extras, readRangeWith } from "~/services/rollup/read.server";
import { hasDataSql } from "~/services/source-sql.server";

const listedProducts = 5;
const listedSubmissions = 6;

const extrasSchema = z.object({
  /** False until the shop's first request or testimonial. */
  hasData: z.boolean(),
  /** Testimonials of any age that wait for moderation. */
  pending: z.number(),
  /** Of the testimonials submitted in the range, those with a product. Most first. */
  topProducts: z.array(z.object({ productId: z.string(), count: z.number() })),
  /** The latest testimonials of any age, newest first. Instants are ISO 8601 with Z. */
  latest: z.array(
    z.object({
      id: z.string(),
      mediaType: z.string(),
      rating: z.number().nullable(),
      status: z.string(),
      headline: z.string().nullable(),
      submittedAt: z.string(),
    }),
  ),
});

const topProductsSql = `
    select coalesce(json_agg(json_build_object('productId', p.id, 'count', p.count) order by p.count desc, p.id), '[]')
    from (
      select s.shopify_product_id as id, count(*) as count
      from testimonial_submissions s
      where s.shop_id = any($1::text[])
        and s.submitted_at >= $3::date
        and s.submitted_at < $4::date
        and s.shopify_product_id is not null
      group by s.shopify_product_id
      order by count(*) desc, s.shopify_product_id
      limit ${listedProducts}
    ) p`;

// The shop is given twice: by the equality alone can the index give the newest rows without a sort.
const latestSql = `
    select coalesce(
      json_agg(
        json_build_object(
          'id', l.id,
          'mediaType', l.media_type,
          'rating', l.rating,
          'status', l.status,
          'headline', l.headline,
          'submittedAt', to_char(l.submitted_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
        )
        order by l.submitted_at desc, l.id
      ),
      '[]'
    )
    from (
      select s.id, s.media_type, s.rating, s.status, s.headline, s.submitted_at
      from testimonial_submissions s
      where s.shop_id = any($1::text[])
        and s.shop_id = ($1::text[])[1]
        and s.submitted_at is not null
      order by s.submitted_at desc
      limit ${listedSubmissions}
    ) l`;

const extras: Extras<z.infer<typeof extrasSchema>> = {
  schema: extrasSchema,
  sql: `json_build_object(
    'hasData', ${hasDataSql},
    'pending', (
      select count(*)
      from testimonial_submissions s
      where s.shop_id = any($1::text[])
        and s.status = 'pending'
    ),
    'topProducts', (${topProductsSql}),
    'latest', (${latestSql})
  )`,
};

export type DashboardNumbers = Awaited<ReturnType<typeof readDashboard>>;

/** All that the dashboard shows of a shop: one statement, so all of it is of one instant. */
export function readDashboard(shopId: string, range: DayRange) {
  return readRangeWith(shopId, range, extras);
}
