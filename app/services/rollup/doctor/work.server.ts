import { z } from "zod";
import { type Engine, perEngine } from "../engine.server";
import { checkHealthInDetail, type HealthInDetail } from "../health/health.server";
import { listAbandonedSweeps } from "../jobs/lease.server";
import { getRun, isSweep } from "../jobs/ledger.server";
import { queryRow } from "../query.server";
import { type Finding, type Mend, ok, problem, warning } from "./finding";

/** Whether the work is done: runs, verifications, marks, shops, and rebuilds and seals that nobody works on. */
export async function examineWork(engine: Engine): Promise<Finding[]> {
  const health = await checkHealthInDetail(engine);
  return [
    judgeRun(health, "lastRun", "last run", { action: "run" }),
    judgeRun(health, "lastVerification", "last verification", { action: "verify" }),
    judgeMarks(health),
    judgeShops(health),
    ...(health.replica ? [judgeReplica(health.replica, health.reasons.replica)] : []),
    await examineSchedule(engine),
    await examineSweeps(engine),
  ];
}

function judgeRun(health: HealthInDetail, name: "lastRun" | "lastVerification", check: string, mend: Mend): Finding {
  const { ok: isOk, at, since } = health[name];
  if (!isOk)
    return problem(check, `${health.reasons[name] ?? "Not known."} Since ${since ?? "when is not known"}.`, mend);
  return at === null ? warning(check, "there was none yet", mend) : ok(check, at);
}

function judgeMarks({ oldestMark, reasons }: HealthInDetail): Finding {
  const { ok: isOk, at, since } = oldestMark;
  if (isOk) return ok("oldest mark", at ?? "none");
  return problem("oldest mark", `${reasons.oldestMark} Since ${since ?? "when is not known"}.`, { action: "run" });
}

/** The reason is the database's own, so no command mends it. */
function judgeShops({ failingShops: { count, since, shops } }: HealthInDetail): Finding {
  if (count === 0) return ok("failing shops", "none");
  const [first] = shops;
  const example = first ? ` ${first.shopId}: ${first.reason}.` : "";
  return problem(
    "failing shops",
    `${count ?? "not read"}, since ${since ?? "when is not known"}.${example} Mend the reason, then run.`,
    {
      action: "run",
    },
  );
}

function judgeReplica({ ok: isOk, lagSeconds }: NonNullable<HealthInDetail["replica"]>, reason?: string): Finding {
  if (isOk) return ok("replica", `${lagSeconds} s behind`);
  return problem("replica", `${reason ?? "It does not answer."} The primary serves its reads meanwhile.`);
}

const lastCallSchema = z.object({ at: z.date().nullable(), now: z.date() });

const lastCallStatement = perEngine(
  ({ names }) => `
select max(r.started_at) as at, timezone('utc', now())::timestamp(3) as now
from ${names.runs} r
where r.kind = 'rollup'
  and r.trigger in ('cron', 'schedule')`,
);

/** Whether somebody calls runs: a scheduler, or a process with ROLLUP_CRON. An operator's runs are none of these. */
async function examineSchedule(engine: Engine): Promise<Finding> {
  const { cron, maxRunAgeMinutes } = engine.settings;
  const { at, now } = await queryRow(engine, lastCallSchema, lastCallStatement(engine));
  const how = cron
    ? `this environment's schedule is "${cron}"`
    : "an external scheduler, or another process's schedule";
  if (at !== null && now.getTime() - at.getTime() <= maxRunAgeMinutes * 60_000) {
    return ok("schedule", `${how}; it called last at ${at.toISOString()}`);
  }
  const since =
    at === null ? "No scheduler has called a run yet" : `No scheduler has called a run since ${at.toISOString()}`;
  return warning(
    "schedule",
    `${since}. Start the app with a schedule (ROLLUP_CRON), or have a scheduler call POST /jobs/rollup every ten minutes.`,
  );
}

/** A process of the app goes on with them within seconds; where none runs, nobody does. */
async function examineSweeps(engine: Engine): Promise<Finding> {
  const check = "rebuilds and seals";
  const runs = await Promise.all((await listAbandonedSweeps(engine)).map((runId) => getRun(engine, runId)));
  const left = runs.flatMap((run) => (run && isSweep(run.kind) ? [{ kind: run.kind, runId: run.id }] : []));
  if (left.length === 0) return ok(check, "none waits for a process");
  const names = left.map(({ kind, runId }) => `${kind} ${runId}`).join(", ");
  return warning(
    check,
    `No process works on the ${names}. A process of the app goes on with it within seconds.`,
    ...left.map((one) => ({ action: "follow", ...one }) as const),
  );
}
