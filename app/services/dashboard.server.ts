import { z } from "zod";
import { rollup } from "~/rollup.server";
import { toRecentWeeks } from "~/services/recent-weeks";
import { type Day, type DayRange, previousRange } from "~/services/rollup/day";
import type { Extras } from "~/services/rollup/read/read.server";
import { hasDataSql } from "~/services/source-sql.server";
import { waitingSchema, waitingSql } from "~/services/waiting-sql.server";

const listedProducts = 5;
const listedSubmissions = 6;

/** The longest text that leaves the database, in characters. More of it would not fit on its line. */
const mostTextLength = 200;
const mostWordLength = 40;

const extrasSchema = z.object({
  /** False until the shop's first request or testimonial. */
  hasData: z.boolean(),
  /** Testimonials of any age that wait for moderation. */
  waiting: waitingSchema,
  /** Of the testimonials submitted in the range, those with a product, whose id may be cut. Most first. */
  topProducts: z.array(z.object({ productId: z.string(), count: z.number() })),
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

/** Of any type in SQL, a text of at most `length` characters. */
function toText(expression: string, length: number): string {
  return `left(${expression}::text, ${length})`;
}

const topProductsSql = `
    select coalesce(
      json_agg(
        json_build_object('productId', ${toText("p.id", mostTextLength)}, 'count', p.count)
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
    ) p`;

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
      order by s.submitted_at desc
      limit ${listedSubmissions}
    ) l`;

const extras: Extras<z.infer<typeof extrasSchema>> = {
  schema: extrasSchema,
  sql: `json_build_object(
    'hasData', ${hasDataSql},
    'waiting', (${waitingSql}),
    'topProducts', (${topProductsSql}),
    'latest', (${latestSql})
  )`,
};

export type DashboardNumbers = Awaited<ReturnType<typeof readDashboard>>;

/**
 * All that the dashboard shows of a shop: one statement, so all of it is of one instant. `weeks`: the totals of the last
 * whole days and of those before, by which a fall is told, whatever the range.
 */
export async function readDashboard(shopId: string, range: DayRange, today: Day) {
  const ranges = { previous: previousRange(range), ...toRecentWeeks(today) };
  const { beside, ...numbers } = await rollup.readRangeWith(shopId, range, { ranges, extras });
  const { previous, recentWeek, fourWeeksBefore } = beside;
  return { ...numbers, beside: { previous }, weeks: { recent: recentWeek.totals, before: fourWeeksBefore.totals } };
}
