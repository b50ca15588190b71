import { addDays, toDay } from "~/services/rollup/day";
import { atMost } from "./aim";
import { countAll, countColumns, upsert } from "./bare-sql";
import { type Bench, isWanted, type Theme } from "./bench";
import { historyDays } from "./data";
import { interleave, median } from "./measure";

export const everything: Theme = { rows: ["6", "7", "16"], needsData: true, measure };

async function measure(bench: Bench): Promise<void> {
  await bench.sql.query("set work_mem = '256MB'");
  if (isWanted(bench, "6")) await measureRebuild(bench);
  if (isWanted(bench, "7")) await measureVerify(bench);
  if (isWanted(bench, "16")) await measureSeal(bench);
  await bench.sql.query("reset work_mem");
}

async function measureRebuild(bench: Bench): Promise<void> {
  const { sql, options } = bench;
  const recountAll = upsert("bench.daily", countAll());
  const empty = (table: string) => async () => {
    await sql.query(`truncate ${table}`);
    await sql.query("checkpoint");
  };
  // The longest of all rows: once, and warm from the drain before.
  const fresh = await interleave(
    1,
    {
      ours: { prepare: empty("testimonial_daily_analytics"), work: () => rebuildAll(bench) },
      bare: { prepare: empty("bench.daily"), work: () => sql.query(recountAll) },
    },
    { warmUps: 0 },
  );
  await sql.query("vacuum (analyze) testimonial_daily_analytics");
  await sql.query("vacuum (analyze) bench.daily");
  const same = await interleave(
    options.longRounds,
    {
      ours: { work: () => rebuildAll(bench) },
      bare: { work: () => sql.query(recountAll) },
    },
    { warmUps: 0 },
  );
  const { rows } = await sql.query<{ n: number; differing: number }>(`
select (select count(*)::int from testimonial_daily_analytics) as n, (select count(*)::int from (
  select shop_id, date, ${countColumns.join(", ")} from testimonial_daily_analytics
  except select shop_id, date, ${countColumns.join(", ")} from bench.daily) d) as differing`);
  const common = {
    row: "6",
    against: "one bare insert … select … group by … on conflict",
    aim: atMost(1.5),
    rows: rows[0]?.n ?? 0,
    isWrong: rows[0]?.differing !== 0,
  };
  const [ours, bare] = [median(same.ours), median(same.bare)];
  bench.report({ ...common, work: "rebuild of everything, all rows right", ours, alternative: bare });
  const [oursFresh, bareFresh] = [median(fresh.ours), median(fresh.bare)];
  bench.report({ ...common, work: "rebuild of everything, no row there", ours: oursFresh, alternative: bareFresh });
}

async function rebuildAll({ app }: Bench): Promise<void> {
  const today = toDay(new Date());
  const range = { from: addDays(today, -historyDays), until: addDays(today, 8) };
  const runId = await app.rollup.startRebuild({ range });
  if (typeof runId !== "string") throw new Error(`The rebuild was refused: ${JSON.stringify(runId)}`);
  await app.settleSweeps();
  const rebuild = await app.rollup.getRebuild(runId);
  if (rebuild?.status !== "ok") throw new Error(`The rebuild ended as ${rebuild?.status}: ${rebuild?.error}`);
}

async function measureVerify(bench: Bench): Promise<void> {
  const { app, sql, options } = bench;
  let [compared, drifted] = [0, 0];
  const { ours, bare } = await interleave(options.longRounds, {
    ours: {
      async work() {
        const verified = await app.rollup.verify({ trigger: "operator", today: toDay(new Date()) });
        compared = verified?.compared ?? 0;
        drifted = verified?.drifted ?? 0;
      },
    },
    bare: { work: () => sql.query(compareAll) },
  });
  bench.report({
    row: "7",
    work: "verify of everything",
    against: "one bare set-based comparison, parallel where the server likes",
    ours: median(ours),
    alternative: median(bare),
    aim: atMost(1.3),
    rows: compared,
    note: `${drifted} days had drifted`,
    isWrong: drifted > 0,
  });
}

/** Beside the verification of the same days: a seal compares them, too, and then a verification need not any more. */
async function measureSeal(bench: Bench): Promise<void> {
  const { app, sql, options } = bench;
  const today = toDay(new Date());
  let sealedDays = 0;
  const verify = async () => {
    const verified = await app.rollup.verify({ trigger: "operator", today });
    if (verified?.status !== "ok" || verified.drifted > 0 || verified.alert) throw new Error("Days had drifted.");
    sealedDays = Math.max(sealedDays, verified.sealedDays);
  };
  const unseal = async () => {
    await sql.query("update rollup_shops set sealed_until = null, sealed_rows = null, sealed_checksum = null");
    await sql.query("vacuum (analyze) rollup_shops");
  };
  const sealAll = async () => {
    const runId = await app.rollup.startSeal({ before: addDays(today, -1) });
    if (typeof runId !== "string") throw new Error(`The seal was refused: ${JSON.stringify(runId)}`);
    await app.settleSweeps();
    const seal = await app.rollup.getSeal(runId);
    if (seal?.status !== "ok") throw new Error(`The seal ended as ${seal?.status}: ${JSON.stringify(seal)}`);
  };
  const sealing = await interleave(options.longRounds, {
    verify: { prepare: unseal, work: verify },
    seal: { prepare: unseal, work: sealAll },
  });
  const checking = await interleave(options.longRounds, {
    open: { prepare: unseal, work: verify },
    sealed: { prepare: sealAll, work: verify },
  });
  await unseal();
  const common = { row: "16", rows: sealedDays };
  bench.report({
    ...common,
    work: "seal of all days before yesterday",
    against: "verify of everything",
    ours: median(sealing.seal),
    alternative: median(sealing.verify),
    aim: atMost(2.5),
  });
  bench.report({
    ...common,
    work: "verify with all of that sealed",
    against: "verify of everything",
    ours: median(checking.sealed),
    alternative: median(checking.open),
    aim: atMost(0.5),
  });
}

const compareAll = `
select count(*)
from (${countAll()}) l
full join testimonial_daily_analytics a using (shop_id, date)
where (${countColumns.map((name) => `l.${name}`).join(", ")})
  is distinct from (${countColumns.map((name) => `a.${name}`).join(", ")})`;
