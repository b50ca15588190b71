import type { AppPart } from "../../app/services/rollup/definition/app-part";
import { toFingerprint } from "../../app/services/rollup/definition/fingerprint";
import { toHostCheck } from "../../app/services/rollup/definition/host-check-sql";
import { toNames } from "../../app/services/rollup/definition/names";
import type { Definition } from "../../app/services/rollup/definition/rollup";
import { toProgressSelect, toProgressTable } from "../../app/services/rollup/install/progress-sql";
import { toObstacleSelect, toStandingSelect } from "../../app/services/rollup/install/standing-sql";
import type { Step } from "../../app/services/rollup/install/step";
import { describeMissingLedger, type Migration, readLedger, toLedgerEntry } from "./ledger";
import { type Conditions, InstallStopped, runPatiently, runUnhurried } from "./patience";
import { runSlices } from "./slices";

/** What is installed: a definition, by its steps, in place of the migration that leaves the same. */
export type Installed = { definition: Definition; app?: AppPart | undefined; steps: Step[]; migration: Migration };

/** Does what is left of an install. Each step looks at what is there, so it can be stopped and called again at any time. */
export async function runInstall(conditions: Conditions, installed: Installed): Promise<void> {
  const { work, report } = conditions;
  const { definition, migration, steps } = installed;
  const standing = await readStanding(conditions, definition);
  if (standing === "done") {
    report(`${definition.table} is installed already.`);
  } else {
    await checkHost(conditions, installed, standing === "new");
    for (const [index, step] of steps.entries()) {
      if (conditions.signal.aborted) throw new InstallStopped();
      const { rows } = await work.query<{ isDone: boolean }>(`select ${step.isDone} as "isDone"`);
      const head = `${index + 1}/${steps.length} ${step.name}`;
      if (rows[0]?.isDone) report(`${head}: there already`);
      else {
        const startedAt = performance.now();
        const written = await runStep(conditions, installed, step);
        const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
        report(`${head}: ${seconds} s${written === null ? "" : `, ${written.toLocaleString("en-US")} rows`}`);
      }
      await conditions.onStep?.(step);
    }
  }
  await enterIntoLedger(conditions, migration);
}

/** @throws Error where the database has, or an install has begun with, another definition. */
async function readStanding({ work }: Conditions, definition: Definition): Promise<"new" | "begun" | "done"> {
  const { rows } = await work.query<{ hasDefinitions: boolean; hasBegun: boolean }>(toStandingSelect(definition));
  if (!rows[0]?.hasDefinitions) return "new";
  if (rows[0].hasBegun) {
    const { rows: begun } = await work.query<{ key: string }>(toProgressSelect(definition, "definition"));
    if (begun[0]?.key === toFingerprint(definition)) return "begun";
    throw new Error(
      `Another definition of ${definition.table} is half installed here. End that install with the code that began it: ` +
        `it is the one of the fingerprint ${begun[0]?.key} in ${toProgressTable(definition)}.`,
    );
  }
  const { rows: left } = await work.query<{ fingerprint: string }>(
    `select d.fingerprint from ${toNames(definition).definitions} d where d.rollup = $1`,
    [definition.table],
  );
  if (left.length === 0) return "new";
  if (left.some(({ fingerprint }) => fingerprint === toFingerprint(definition))) return "done";
  throw new Error(
    `The database has another definition of ${definition.table}. Migrations take it to the next one: ` +
      '"npm run rollup -- migration <name>" writes it.',
  );
}

/** Reads alone: where something does not fit, nothing has been written. */
async function checkHost({ work, report }: Conditions, { definition, app, steps }: Installed, isFirst: boolean) {
  const check = toHostCheck(definition, { ...app?.needs, isFirst, makesIndexesAnew: true });
  try {
    await work.query(`begin read only;\n${check}\ncommit;`);
  } catch (error) {
    await work.query("rollback").catch(() => undefined);
    throw error;
  }
  const { rows } = await work.query<{ problem: string }>(toObstacleSelect(steps, { isFirst }));
  if (rows.length > 0) throw new Error(["Nothing has been changed:", ...rows.map(({ problem }) => problem)].join("\n"));
  report(isFirst ? "The host's schema fits." : "An install has begun here: it goes on.");
}

/** Returns how many rows it has written, or null where that says nothing. */
async function runStep(conditions: Conditions, { definition, migration }: Installed, step: Step) {
  const { work, report } = conditions;
  if (step.kind === "slices") return runSlices(conditions, definition, step);
  if (step.kind === "index") {
    const prepare = async () => {
      const { rows } = await work.query<{ isInvalid: boolean }>(`select ${step.isInvalid} as "isInvalid"`);
      if (!rows[0]?.isInvalid) return;
      report(`  ${step.name} was left invalid by an earlier build: it is made anew`);
      await work.query(step.drop);
    };
    await runUnhurried(conditions, step.name, { sql: step.sql, prepare });
    return null;
  }
  const isLast = step.kind === "statements" && step.isLast;
  const entry = isLast && (await readLedger(work, migration)) === "missing" ? toLedgerEntry(migration) : "";
  await runPatiently(conditions, step.name, `${step.sql}\n${entry}`);
  return null;
}

/** The last step has entered it, in its own transaction, unless it was done before there was a ledger. */
async function enterIntoLedger(conditions: Conditions, migration: Migration): Promise<void> {
  const ledger = await readLedger(conditions.work, migration);
  if (ledger === "none") conditions.report(describeMissingLedger(migration));
  else if (ledger === "missing") await runPatiently(conditions, "Prisma's ledger", toLedgerEntry(migration));
  if (ledger !== "none") conditions.report(`The migration ${migration.name} is entered as applied.`);
}
