import { addDays, type Day, type DayRange, toDay } from "~/services/rollup/day";
import { atMost, fasterBy } from "./aim";
import type { Bench, Theme } from "./bench";
import { addWhale } from "./data";
import { interleave, median, quantile } from "./measure";

const readRounds = 300;

export const reads: Theme = { rows: ["8"], needsData: true, measure: measureReads };
export const whale: Theme = { rows: ["9"], needsData: true, measure: measureWhale };

async function measureReads(bench: Bench): Promise<void> {
  const { app, sql } = bench;
  const { rows: shops } = await sql.query<{ id: string }>("select id from shops order by md5(id) limit 200");
  const shopOf = (round: number) => shops[round % shops.length]?.id ?? "";
  const samples = await interleave(readRounds, {
    month: { work: (round) => app.rollup.readTotals(shopOf(round), lastDays(30)) },
    year: { work: (round) => app.rollup.readTotals(shopOf(round), lastDays(365)) },
    key: { work: (round) => app.db.shop.findUnique({ where: { id: shopOf(round) } }) },
    raw: { work: (round) => app.db.$queryRawUnsafe("select * from shops where id = $1", shopOf(round)) },
  });
  const raw = [0.5, 0.95].map((share) => quantile(samples.raw, share).toFixed(2)).join(" and ");
  for (const [days, ours] of [
    [30, samples.month],
    [365, samples.year],
  ] as const) {
    for (const share of [0.5, 0.95]) {
      bench.report({
        row: "8",
        work: `range sum of ${days} days, p${100 * share}`,
        against: "a primary-key look-up, Prisma's findUnique",
        ours: quantile(ours, share),
        alternative: quantile(samples.key, share),
        aim: atMost(2),
        rows: days,
        note: `the same look-up as raw SQL through the same client: p50 and p95 of ${raw} ms`,
      });
    }
  }
}

async function measureWhale(bench: Bench): Promise<void> {
  const { app, sql, sizes, options } = bench;
  const shopId = await addWhale(sql, sizes.whaleRequests);
  const range = lastDays(365);
  const live = () => app.db.$queryRawUnsafe(liveCounts, shopId, range.from, range.until);
  const read = () => app.rollup.readTotals(shopId, range);
  const clean = await interleave(options.rounds, { ours: { work: read }, live: { work: live } });
  for (let day = 0; day < 7; day += 1) {
    const date = addDays(range.from, 20 + 50 * day);
    await sql.query("insert into rollup_marks (shop_id, date) values ($1, $2)", [shopId, date]);
  }
  const marked = await interleave(options.rounds, { ours: { work: read }, live: { work: live } });
  const totals = (await app.rollup.readTotals(shopId, range)).totals;
  const [counted] = (await live()) as { sent: number; published: number }[];
  await app.drainMarks(Number.POSITIVE_INFINITY);
  const common = {
    row: "9",
    against: "live counts",
    rows: sizes.whaleRequests,
    isWrong: counted?.sent !== totals.requestsSent || counted?.published !== totals.publishedCount,
  };
  bench.report({
    ...common,
    work: "365 days of the whale, clean",
    ours: median(clean.ours),
    alternative: median(clean.live),
    aim: fasterBy(100),
  });
  bench.report({
    ...common,
    work: "365 days of the whale, 7 days marked",
    ours: median(marked.ours),
    alternative: median(marked.live),
    aim: fasterBy(20),
  });
}

function lastDays(days: number): DayRange {
  const until: Day = addDays(toDay(new Date()), 1);
  return { from: addDays(until, -days), until };
}

const inRange = (at: string) => `shop_id = $1 and ${at} >= $2::date and ${at} < $3::date`;

const liveCounts = `
select
  (select count(*) from testimonial_requests where ${inRange("sent_at")})::int as sent,
  (select count(*) from testimonial_requests where ${inRange("clicked_at")})::int as clicked,
  (
    select count(distinct (e.request_id, e.event_at::date))
    from testimonial_request_events e
    join testimonial_requests r on r.id = e.request_id and r.shop_id = e.shop_id and r.clicked_at is null
    where e.event_type = 'clicked' and e.${inRange("e.event_at")}
  )::int as clicked_by_event,
  (select count(*) from testimonial_submissions where ${inRange("approved_at")})::int as approved,
  (select count(*) from testimonial_submissions where ${inRange("published_at")})::int as published,
  s.*
from (
  select
    count(*)::int as submitted,
    count(*) filter (where media_type = 'video')::int as videos,
    count(*) filter (where media_type = 'photo')::int as photos
  from testimonial_submissions
  where ${inRange("submitted_at")}
) s`;
