import fc from "fast-check";
import type { TestShop } from "./shops";

// Wrong rows on both sides of the rollup, as statements for bypassTriggers.

/** Days in and around the window of `today`, and far from it. */
const days = [
  ...["0001-01-01", "1969-12-31", "1970-01-01", "1999-12-31", "2000-01-01", "2024-02-29", "2025-12-31", "2026-03-08"],
  ...["2026-06-01", "2026-06-13", "2026-06-14", "2026-06-15", "2026-06-16", "2099-12-31", "9999-12-31"],
];
const columns = [
  ...["requests_sent", "requests_clicked", "submissions_count", "approved_count", "published_count"],
  ...["video_submissions_count", "photo_submissions_count"],
];

const day = fc.constantFrom(...days);
const instant = fc
  .tuple(day, fc.constantFrom("00:00:00.000", "12:00:00.000", "23:59:59.999"))
  .map(([date, time]) => `'${date} ${time}'`);
const instantOrNull = fc.oneof(instant, fc.constant("null"));
const mediaType = fc.constantFrom("'video'", "'photo'", "'text'");
const column = fc.constantFrom(...columns);
const nth = fc.nat(4);

const instantColumns = fc.constantFrom(
  ["testimonial_requests", "sent_at"],
  ["testimonial_requests", "clicked_at"],
  ["testimonial_submissions", "submitted_at"],
  ["testimonial_submissions", "approved_at"],
  ["testimonial_submissions", "published_at"],
);
const sourceTables = fc.constantFrom(
  "testimonial_requests",
  "testimonial_request_events",
  "testimonial_submissions",
  "testimonial_daily_analytics",
);

/** One statement that makes something of one of the shops wrong, or happens to change nothing. */
export function corruptionOf(shops: TestShop[]): fc.Arbitrary<string> {
  const shop = fc.constantFrom(...shops.map(({ id }) => `'${id}'`));
  return fc.oneof(
    fc
      .tuple(shop, day, column, fc.integer({ min: -2, max: 5 }))
      .map(
        ([id, date, name, value]) =>
          `insert into testimonial_daily_analytics (shop_id, date, ${name}) values (${id}, '${date}', ${value}) on conflict (shop_id, date) do update set ${name} = ${value}`,
      ),
    fc
      .tuple(shop, day)
      .map(([id, date]) => `delete from testimonial_daily_analytics where shop_id = ${id} and date = '${date}'`),
    fc
      .tuple(shop, instantOrNull, instantOrNull)
      .map((values) => `insert into testimonial_requests (shop_id, sent_at, clicked_at) values (${values.join()})`),
    fc
      .tuple(shop, mediaType, instantOrNull, instantOrNull, instantOrNull)
      .map(
        (values) =>
          `insert into testimonial_submissions (shop_id, media_type, submitted_at, approved_at, published_at) values (${values.join()})`,
      ),
    fc
      .tuple(shop, instant, nth)
      .map(
        ([id, at, index]) =>
          `insert into testimonial_request_events (shop_id, request_id, event_type, event_at) select shop_id, id, 'clicked', ${at} from testimonial_requests where shop_id = ${id} order by id limit 1 offset ${index}`,
      ),
    fc
      .tuple(shop, instantColumns, instantOrNull, nth)
      .map(
        ([id, [table = "", name], at, index]) => `update ${table} set ${name} = ${at} where ${nthOf(table, id, index)}`,
      ),
    fc
      .tuple(shop, mediaType, nth)
      .map(
        ([id, type, index]) =>
          `update testimonial_submissions set media_type = ${type} where ${nthOf("testimonial_submissions", id, index)}`,
      ),
    fc
      .tuple(shop, sourceTables, nth)
      .map(([id, table, index]) => `delete from ${table} where ${nthOf(table, id, index)}`),
  );
}

function nthOf(table: string, shopId: string, index: number): string {
  return `id = (select id from ${table} where shop_id = ${shopId} order by id limit 1 offset ${index})`;
}
