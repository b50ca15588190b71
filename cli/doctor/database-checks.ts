import { existsSync } from "node:fs";
import { toProjectPath } from "../../app/project.server";
import { examineRollup } from "../../app/services/rollup/doctor/examine.server";
import { type Finding, ok, problem } from "../../app/services/rollup/doctor/finding";
import { toErrorMessage } from "../../app/services/rollup/error.server";
import { definition } from "../../app/testimonial-rollup";
import { toTestimonialPart } from "../../prisma/testimonial-app";
import { checkServer } from "./server-checks";

type LedgerRow = { migration_name: string };

/** Looks at the database of this environment, and at the rollup in it. Only where the settings are right. */
export async function checkDatabase(): Promise<Finding[]> {
  const { env } = await import("../../app/env.server");
  if (env.DATABASE_URL === undefined && !existsSync(toProjectPath(env.EMBEDDED_DATA_DIR))) {
    return [ok("database", `${env.EMBEDDED_DATA_DIR}, the embedded one, is not there yet: the first start makes it`)];
  }
  const findings: Finding[] = [];
  if (env.DATABASE_URL !== undefined) {
    try {
      findings.push(...(await checkServer(env.DATABASE_URL, env.DATABASE_POOL_SIZE)));
    } catch (error) {
      return [await toUnreachable(error)];
    }
    if (findings.some(({ check, level }) => check === "session" && level === "problem")) return findings;
  }
  return [...findings, ...(await checkContents())];
}

/** The schema and, where it is up to date, the rollup. */
async function checkContents(): Promise<Finding[]> {
  const { closeDatabase, isEmbedded } = await import("../../app/db.server");
  try {
    const schema = await checkSchema();
    const found = isEmbedded ? [ok("database", "embedded, and no other process has it open")] : [];
    if (schema.some(({ level }) => level === "problem")) return [...found, ...schema];
    const { rollup } = await import("../../app/rollup.server");
    return [...found, ...schema, ...(await examineRollup(rollup.engine, toTestimonialPart(definition)))];
  } catch (error) {
    return [await toUnreachable(error)];
  } finally {
    await closeDatabase().catch(() => undefined);
  }
}

async function checkSchema(): Promise<Finding[]> {
  const { db, listMissingMigrations } = await import("../../app/db.server");
  const missing = await listMissingMigrations();
  if (missing.length === 0) return [ok("migrations", "all of this version are applied")];
  const failed = await db
    .$queryRawUnsafe<LedgerRow[]>(
      "select migration_name from _prisma_migrations where finished_at is null and rolled_back_at is null",
    )
    .catch((): LedgerRow[] => []);
  const setup = { action: "setup" } as const;
  return [
    ...failed.map(({ migration_name: name }) =>
      problem(
        "migrations",
        `${name} was begun and has failed. Mend what it said, then: npx prisma migrate resolve --rolled-back ${name}`,
        setup,
      ),
    ),
    problem("migrations", `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} not applied`, setup),
  ];
}

async function toUnreachable(error: unknown): Promise<Finding> {
  const { describeRefusal } = await import("../../app/database/refusal.server");
  const message = toErrorMessage(error);
  return problem("database", describeRefusal(error) ?? (message.endsWith(".") ? message : `${message}.`));
}
