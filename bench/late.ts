import { toDay } from "~/services/rollup/day";
import { atMost, atMostMsAbove, fasterBy } from "./aim";
import { countAll, upsert } from "./bare-sql";
import { type Bench, isWanted, type Theme } from "./bench";
import { interleave, median } from "./measure";

export const late: Theme = { rows: ["3", "3b", "4"], needsData: true, measure };

async function measure(bench: Bench): Promise<void> {
  if (isWanted(bench, "4")) await measureIdleRun(bench);
  if (isWanted(bench, "3")) await measureLateChanges(bench);
  if (isWanted(bench, "3b")) await measureToday(bench);
}

/** The run that a cron calls, and of it the drain alone: the rest looks for days that nothing marked. */
function run({ app }: Bench) {
  return app.rollup.run({ trigger: "operator", today: today() });
}

/** Also before a turn of ours: the turns of the others leave marks, which are not its work. */
function drainAll({ app }: Bench) {
  return app.drainMarks(Number.POSITIVE_INFINITY);
}

async function measureLateChanges(bench: Bench): Promise<void> {
  const { sql, sizes, options } = bench;
  await sql.query(`create materialized view bench.view as ${countAll()}`);
  await sql.query("create unique index on bench.view (shop_id, date)");
  await sql.query("vacuum (analyze) bench.view");
  await sql.query("set work_mem = '256MB'");
  const add = (round: number) => addLateRows(bench, round);
  const drainThenAdd = (round: number) => drainAll(bench).then(() => add(round));
  const samples = await interleave(options.rounds, {
    run: { prepare: drainThenAdd, work: () => run(bench) },
    drain: { prepare: (round) => drainThenAdd(round + 100), work: () => drainAll(bench) },
    moved: { prepare: (round) => drainAll(bench).then(() => moveRows(bench, round)), work: () => run(bench) },
  });
  // By themselves, since they take a hundred times as long.
  const refreshes = await interleave(options.longRounds, {
    concurrently: {
      prepare: (round) => add(round + 200),
      work: () => sql.query("refresh materialized view concurrently bench.view"),
    },
    plain: {
      prepare: (round) => add(round + 300),
      work: () => sql.query("refresh materialized view bench.view"),
    },
  });
  await sql.query("reset work_mem");
  await sql.query("drop materialized view bench.view");
  const { rows } = await sql.query<{ n: number }>("select count(*)::int as n from testimonial_daily_analytics");
  const late = sizes.lateChanges.toLocaleString("en-US");
  const works = [
    { work: `${late} late rows until right: a whole run`, ours: median(samples.run) },
    { work: `${late} late rows until right: its drain`, ours: median(samples.drain) },
    { work: `${late} rows moved to another day, until right: a whole run`, ours: median(samples.moved) },
  ];
  for (const work of works) {
    const common = { row: "3", rows: rows[0]?.n ?? 0, ...work };
    const [concurrently, plain] = [median(refreshes.concurrently), median(refreshes.plain)];
    const against = "refresh materialized view";
    bench.report({ ...common, against: `${against} concurrently`, alternative: concurrently, aim: fasterBy(300) });
    bench.report({ ...common, against, alternative: plain, aim: fasterBy(50) });
  }
}

/** Adds submissions of any age, as an import does: for each, one day is wrong until recounted. */
async function addLateRows({ sql, sizes }: Bench, round: number): Promise<void> {
  await sql.query(
    `insert into testimonial_submissions (shop_id, status, media_type, submitted_at)
    select
      bench_shop(n * 1000 + $2::int),
      'pending',
      'photo',
      bench_time(1 + floor(bench_hash(n, $2) * $3::int)::bigint, $3::int)
    from generate_series(1, $1::int) n`,
    [sizes.lateChanges, 1_000 + round, sizes.submissions],
  );
}

/** Moves submissions of any age to the day before: for each, two days are wrong. */
async function moveRows({ sql, sizes }: Bench, round: number): Promise<void> {
  await sql.query(
    `update testimonial_submissions s
    set submitted_at = s.submitted_at - interval '1 day'
    where s.id in (
      select bench_id('u', 1 + floor(bench_hash(n, $2) * $3::int)::bigint) from generate_series(1, $1::int) n
    )`,
    [sizes.lateChanges, 2_000 + round, sizes.submissions],
  );
}

async function measureToday(bench: Bench): Promise<void> {
  const { sql, sizes, options } = bench;
  const isToday = (at: string) => `${at} >= '${today()}'::date and ${at} < '${today()}'::date + 1`;
  const recountToday = upsert("bench.daily", countAll(isToday));
  await run(bench);
  const add = (round: number) => addRequests(bench, round);
  const drainThenAdd = (round: number) => drainAll(bench).then(() => add(round));
  const samples = await interleave(options.rounds, {
    run: { prepare: drainThenAdd, work: () => run(bench) },
    drain: { prepare: (round) => drainThenAdd(round + 100), work: () => drainAll(bench) },
    bare: { prepare: (round) => add(round + 200), work: () => sql.query(recountToday) },
  });
  await drainAll(bench);
  const common = {
    row: "3b",
    against: "one bare group by of that day for all shops",
    alternative: median(samples.bare),
    aim: atMost(1.5),
    rows: sizes.newRows,
  };
  const work = `${sizes.newRows.toLocaleString("en-US")} new rows for today until right`;
  bench.report({ ...common, work: `${work}: a whole run`, ours: median(samples.run) });
  bench.report({ ...common, work: `${work}: its drain`, ours: median(samples.drain) });
}

async function addRequests({ sql, sizes }: Bench, round: number): Promise<void> {
  await sql.query(
    `insert into testimonial_requests (shop_id, status, sent_at)
    select bench_shop(n * 1000 + $2::int), 'sent', timezone('utc', now())
    from generate_series(1, $1::int) n`,
    [sizes.newRows, round],
  );
}

async function measureIdleRun(bench: Bench): Promise<void> {
  const { app, sql, sizes, options } = bench;
  await run(bench);
  const { rows: start } = await sql.query<{ xid: string }>("select pg_current_xact_id()::text as xid");
  const { idle, ping } = await interleave(Math.max(options.rounds, 9), {
    idle: { work: () => run(bench) },
    ping: { work: () => app.db.$queryRawUnsafe("select 1") },
  });
  const { rows: written } = await sql.query<{ n: number }>(
    `select count(*)::int as n from testimonial_daily_analytics
    where age(xmin) < age(($1::bigint % 4294967296)::text::xid)`,
    [start[0]?.xid],
  );
  const versions = written[0]?.n ?? Number.NaN;
  bench.report({
    row: "4",
    work: "a run when nothing changed",
    against: "select 1 through the same client",
    ours: median(idle),
    alternative: median(ping),
    aim: atMostMsAbove(15),
    rows: sizes.shops,
    note: `${versions} versions of daily rows written; the ledger's row of each run aside`,
    isWrong: versions !== 0,
  });
}

function today() {
  return toDay(new Date());
}
