import type pg from "pg";
import { countAll, upsert } from "./bare-sql";
import { loadWithoutIndexes } from "./load";

export type DataSize = { shops: number; requests: number; submissions: number; events: number };

/** Days that the data covers, today the last of them. */
export const historyDays = 730;

/**
 * Fills an empty database with two years of a testimonial app: by hash arithmetic, so that the same size is the same
 * data. A few shops have most of it: the first of 2,000 has 8 % and half of them share a fifth. Rows lie in the order
 * of time, as they do where they are added day by day. Afterwards the daily rows are right and nothing is marked.
 */
export async function loadData(sql: pg.Client, size: DataSize): Promise<void> {
  await loadSourceRows(sql, size);
  await sql.query("analyze");
  await fillDailyRows(sql);
}

/** The same without daily rows. */
export async function loadSourceRows(sql: pg.Client, size: DataSize): Promise<void> {
  await sql.query(formulas(size));
  await sql.query(
    `insert into shops (id, domain, installed_at)
    select bench_id('s', n), 'bench-' || n || '.myshopify.com', timezone('utc', now()) - interval '3 years'
    from generate_series(1, $1::int) n`,
    [size.shops],
  );
  await loadWithoutIndexes(sql, async () => {
    await sql.query(requests(size));
    await sql.query(events(size));
    await sql.query(submissions(size));
  });
}

/** One more shop, with as many requests as many others together, unless it is there already. */
export async function addWhale(sql: pg.Client, requests: number): Promise<string> {
  const id = "whale";
  const { rowCount } = await sql.query("select from shops where id = $1", [id]);
  if (rowCount) return id;
  await sql.query("insert into shops (id, domain) values ($1, 'bench-whale.myshopify.com')", [id]);
  await loadWithoutIndexes(sql, async () => {
    await sql.query(`
insert into testimonial_requests (id, shop_id, status, sent_at, clicked_at)
select bench_id('w', n), '${id}', 'sent', t.at, case when bench_hash(n, 2) < 0.25 then t.at + interval '1 hour' end
from generate_series(1, ${requests}) n
cross join lateral (select bench_time(n, ${requests}) as at) t`);
    await sql.query(`
insert into testimonial_submissions
  (id, shop_id, status, media_type, rating, headline, shopify_product_id, published, submitted_at, approved_at, published_at)
select bench_id('ws', n), '${id}', ${submissionColumns("n")}
from generate_series(1, ${Math.ceil(requests / 50)}) n
cross join lateral (select bench_time(n, ${Math.ceil(requests / 50)}) as at) t`);
  });
  await sql.query("analyze");
  await sql.query(upsert("testimonial_daily_analytics", `select * from (${countAll()}) c where c.shop_id = '${id}'`));
  await settle(sql);
  return id;
}

/** Drops all marks, then vacuums and analyzes: what a database at rest is like. */
async function settle(sql: pg.Client): Promise<void> {
  await sql.query("truncate rollup_marks");
  await sql.query("vacuum (analyze)");
  await sql.query("checkpoint");
}

/** In the order of time, as runs write them: a shop's rows lie apart. */
async function fillDailyRows(sql: pg.Client): Promise<void> {
  await sql.query("set work_mem = '256MB'");
  await sql.query(upsert("testimonial_daily_analytics", `${countAll()} order by date, shop_id`));
  await sql.query("reset work_mem");
  await settle(sql);
}

/** Uniform numbers from 0 to 1, ids, and when and whose the n-th row is. */
function formulas({ shops, requests }: DataSize): string {
  return `
create function bench_hash(n bigint, seed bigint) returns float immutable parallel safe language sql
return (hashint8extended(n, seed) & 1073741823)::float / 1073741824;
create function bench_id(kind text, n bigint) returns text immutable parallel safe language sql
return md5(kind || n::text)::uuid::text;
create function bench_time(n bigint, of bigint) returns timestamp stable parallel safe language sql
return timezone('utc', now())::date - ${historyDays - 1}
  + (timezone('utc', now()) - (timezone('utc', now())::date - ${historyDays - 1})::timestamp) * (n::float / of);
create function bench_shop(n bigint) returns text immutable parallel safe language sql
return bench_id('s', 1 + floor(${shops} * bench_hash(n, 1) ^ 3)::bigint);
create function bench_request_time(n bigint) returns timestamp stable parallel safe language sql
return bench_time(n, ${requests});`;
}

function requests({ requests }: DataSize): string {
  return `
insert into testimonial_requests (id, shop_id, status, sent_at, clicked_at, shopify_product_id, customer_email)
select bench_id('r', n), bench_shop(n), case when c.at is null then 'sent' else 'clicked' end, t.at, c.at,
  'gid://shopify/Product/' || (1 + n % 50), 'customer' || n || '@example.com'
from generate_series(1, ${requests}) n
cross join lateral (select bench_request_time(n) as at) t
cross join lateral (
  select case when bench_hash(n, 2) < 0.25 then t.at + interval '2 days' * bench_hash(n, 3) end as at
) c`;
}

/** Events of requests spread evenly over all; a third are clicks, most of requests whose click time is known. */
function events({ events, requests }: DataSize): string {
  return `
insert into testimonial_request_events (id, shop_id, request_id, event_type, event_at)
select bench_id('e', n), bench_shop(k.request), bench_id('r', k.request),
  (array['clicked', 'opened', 'delivered'])[1 + n % 3], bench_request_time(k.request) + interval '1 day' * bench_hash(n, 4)
from generate_series(1, ${events}) n
cross join lateral (select 1 + ((n - 1) * ${requests}::bigint) / ${events} as request) k`;
}

function submissions({ submissions, requests }: DataSize): string {
  return `
insert into testimonial_submissions
  (id, shop_id, request_id, status, media_type, rating, headline, shopify_product_id, published, submitted_at, approved_at, published_at)
select bench_id('u', n), bench_shop(k.request), bench_id('r', k.request), ${submissionColumns("n")}
from generate_series(1, ${submissions}) n
cross join lateral (select 1 + ((n - 1) * ${requests}::bigint) / ${submissions} as request) k
cross join lateral (select bench_request_time(k.request) + interval '6 hours' * bench_hash(n, 5) as at) t`;
}

/** The columns from status to published_at of a submission of the time `t.at`. */
function submissionColumns(n: string): string {
  const isApproved = `bench_hash(${n}, 6) < 0.7`;
  const isPublished = `bench_hash(${n}, 6) < 0.6`;
  return `
  case when ${isApproved} then 'approved' when bench_hash(${n}, 6) < 0.97 then 'rejected' else 'pending' end,
  (array['text', 'text', 'photo', 'video'])[1 + ${n} % 4], 3 + ${n} % 3, 'A fine thing, number ' || ${n},
  'gid://shopify/Product/' || (1 + ${n} % 50), ${isPublished}, t.at,
  case when ${isApproved} then t.at + interval '1 day' * bench_hash(${n}, 7) end,
  case when ${isPublished} then t.at + interval '2 days' * bench_hash(${n}, 7) end`;
}
