import type { Query } from "../../support/process-databases";
import type { AppKind } from "./app-folder";

// Rows of the two apps, and what is to be counted of them, by statements of their own that know nothing of the rollup.

export type Reviews = {
  shops: [domain: string, domain: string];
  /** What a first migration finds. */
  fill: string;
  /** Changes of every kind, among them approvals of old reviews; `shop` is one that nothing is known of before. */
  changes: string[];
  /** Numbers of a shop's active days, by its domain as $1. */
  truth: string;
  /** Reviews that are approved without an instant, and those whose instant is another than it should be after `fill`. */
  wrongApprovals: string;
  metrics: string[];
};

const days = "generate_series(timestamp '2026-04-01', timestamp '2026-05-30', interval '1 day') d (day)";

/** Instants around midnight UTC, some of them missing. */
const instant = (zone: string) =>
  `(case when random() < 0.2 then null else date '2026-04-01' + floor(random() * 60)::int
      + (array['00:00:00', '23:59:59.999', '12:30:00'])[1 + floor(random() * 3)::int]::time end)${zone}`;

function makeRemixReviews(): Reviews {
  const at = instant(" at time zone 'UTC'");
  const fillOf = (shop: string, count: number) => `
    insert into review_requests (shop, email, product_id, sent_at, clicked_at, answered_at)
    select '${shop}', 'a@example.com', n % 3, ${at}, case when n % 2 = 0 then ${at} end, case when n % 3 = 0 then ${at} end
    from generate_series(1, ${count}) n;
    insert into review_request_events (shop, request_id, type, at)
    select r.shop, r.id, (array['QUEUED', 'OPENED', 'CLICKED'])[1 + floor(random() * 3)::int]::"RequestEventType", coalesce(${at}, now())
    from review_requests r, generate_series(1, 3) where r.shop = '${shop}';
    insert into reviews (shop, status, media, stars, submitted_at, published_at, updated_at)
    select '${shop}', (array['PENDING', 'APPROVED', 'REJECTED'])[1 + n % 3]::"ReviewStatus",
      (array['VIDEO', 'PHOTO', 'NONE'])[1 + floor(random() * 3)::int]::"MediaKind", 1 + n % 5,
      coalesce(${at}, '2026-04-02 23:59:59.999Z'), case when n % 3 = 1 and n % 2 = 0 then ${at} end, coalesce(${at}, '2026-05-01Z')
    from generate_series(1, ${count}) n;`;
  const shops: [string, string] = ["first.myshopify.com", "second.myshopify.com"];
  const day = (column: string) => `(${column} at time zone 'UTC')::date = d.day::date`;
  return {
    shops,
    fill: shops.map((shop) => fillOf(shop, 60)).join(""),
    changes: [
      fillOf("new.myshopify.com", 20),
      "update reviews set status = 'APPROVED' where status = 'PENDING' and random() < 0.5",
      "update reviews set media = 'VIDEO' where media = 'PHOTO' and random() < 0.3",
      "update reviews set published_at = submitted_at + interval '1 day' where published_at is null and random() < 0.3",
      "update review_requests set sent_at = sent_at + interval '7 hours' where random() < 0.3",
      "update review_requests set clicked_at = null where random() < 0.2",
      "update review_request_events set type = 'CLICKED' where random() < 0.2",
      "delete from review_request_events where random() < 0.2",
      "delete from reviews where random() < 0.1",
      "delete from review_requests where random() < 0.1",
      `update reviews set shop = '${shops[1]}' where shop = '${shops[0]}' and random() < 0.1`,
    ],
    truth: `
      select d.day::date::text as date,
        (select count(*)::int from review_requests r where r.shop = $1 and ${day("r.sent_at")}) as "requestsSent",
        (select count(*)::int from review_requests r where r.shop = $1 and (${day("r.clicked_at")} or r.clicked_at is null and exists (
          select from review_request_events e where e.request_id = r.id and e.shop = r.shop and e.type = 'CLICKED' and ${day("e.at")}))) as "requestsClicked",
        (select count(*)::int from reviews r where r.shop = $1 and ${day("r.submitted_at")}) as "submissionsCount",
        (select count(*)::int from reviews r where r.shop = $1 and ${day("r.approved_at")}) as "approvedCount",
        (select count(*)::int from reviews r where r.shop = $1 and ${day("r.published_at")}) as "publishedCount",
        (select count(*)::int from reviews r where r.shop = $1 and r.media = 'VIDEO' and ${day("r.submitted_at")}) as "videoSubmissionsCount",
        (select count(*)::int from reviews r where r.shop = $1 and r.media = 'PHOTO' and ${day("r.submitted_at")}) as "photoSubmissionsCount"
      from ${days} order by 1`,
    wrongApprovals: `
      select id from reviews
      where approved_at is distinct from case when status = 'APPROVED' then coalesce(published_at, updated_at) end`,
    metrics: [
      ...["requestsSent", "requestsClicked", "submissionsCount", "approvedCount", "publishedCount"],
      ...["videoSubmissionsCount", "photoSubmissionsCount"],
    ],
  };
}

function makeReactRouterReviews(): Reviews {
  const at = instant("");
  const shops: [string, string] = ["first.myshopify.com", "second.myshopify.com"];
  const fillOf = (shop: string, count: number) => `
    insert into shops (shop_domain) values ('${shop}');
    insert into review_requests (shop_id, sent_at, clicked_at)
    select s.id, ${at}, case when n % 2 = 0 then ${at} end from shops s, generate_series(1, ${count}) n where s.shop_domain = '${shop}';
    insert into review_request_events (shop_id, request_id, event_type, occurred_at)
    select r.shop_id, r.id, (array['OPENED', 'CLICKED'])[1 + floor(random() * 2)::int], coalesce(${at}, '2026-05-01')
    from review_requests r join shops s on s.id = r.shop_id and s.shop_domain = '${shop}', generate_series(1, 3);
    insert into reviews (shop_id, status, media_type, rating, created_at)
    select s.id, (array['PENDING', 'APPROVED', 'REJECTED'])[1 + n % 3]::"ReviewStatus",
      (array['VIDEO', 'PHOTO', 'TEXT'])[1 + floor(random() * 3)::int], 1 + n % 5, coalesce(${at}, '2026-04-02 23:59:59.999')
    from shops s, generate_series(1, ${count}) n where s.shop_domain = '${shop}';`;
  const count = (name: string, table: string, where: string) =>
    `(select count(*)::int from ${table} r where r.shop_id = s.id and ${where}) as "${name}"`;
  return {
    shops,
    fill: shops.map((shop) => fillOf(shop, 60)).join(""),
    changes: [
      fillOf("new.myshopify.com", 20),
      "update reviews set status = 'APPROVED' where status = 'PENDING' and random() < 0.5",
      "update reviews set media_type = 'VIDEO' where media_type = 'PHOTO' and random() < 0.3",
      "update review_requests set sent_at = sent_at + interval '7 hours' where random() < 0.3",
      "update review_requests set clicked_at = null where random() < 0.2",
      "delete from review_request_events where random() < 0.2",
      "delete from reviews where random() < 0.1",
      "delete from review_requests where random() < 0.1",
    ],
    truth: `
      select d.day::date::text as date,
        ${count("requestsSent", "review_requests", "r.sent_at::date = d.day")},
        ${count(
          "requestsClicked",
          "review_requests",
          `(r.clicked_at::date = d.day or r.clicked_at is null and exists (
            select from review_request_events e
            where e.request_id = r.id and e.event_type = 'CLICKED' and e.occurred_at::date = d.day))`,
        )},
        ${count("submissionsCount", "reviews", "r.created_at::date = d.day")},
        ${count("approvedCount", "reviews", "r.approved_at::date = d.day")},
        ${count("videoSubmissionsCount", "reviews", "r.media_type = 'VIDEO' and r.created_at::date = d.day")},
        ${count("photoSubmissionsCount", "reviews", "r.media_type = 'PHOTO' and r.created_at::date = d.day")}
      from ${days}, shops s where s.shop_domain = $1 order by 1`,
    wrongApprovals: `
      select id from reviews where approved_at is distinct from case when status = 'APPROVED' then created_at end`,
    metrics: [
      ...["requestsSent", "requestsClicked", "submissionsCount", "approvedCount"],
      ...["videoSubmissionsCount", "photoSubmissionsCount"],
    ],
  };
}

export const reviewsOf: Record<AppKind, Reviews> = {
  remix: makeRemixReviews(),
  "react-router": makeReactRouterReviews(),
};

/** What a shop's range sum must be. */
export async function countReviews(
  query: Query,
  { truth }: Reviews,
  domain: string,
): Promise<Record<string, number | string>[]> {
  return query(truth, [domain]);
}
