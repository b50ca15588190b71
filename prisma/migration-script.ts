import { createHash } from "node:crypto";
import { DriverAdapterError } from "@prisma/driver-adapter-utils";

/** What this module needs of a database: a query with rows, and a script of several commands as one message. */
export type ScriptSession = {
  query: <Row>(sql: string) => Promise<Row[]>;
  exec: (script: string) => Promise<unknown>;
};

type ErrorPayload = ConstructorParameters<typeof DriverAdapterError>[0];
type ServerError = Error & { code: string; severity: string; detail?: string; hint?: string; column?: string };

/**
 * Runs a script of the schema engine. A migration is one transaction with its entry in Prisma's ledger, which it locks
 * as long as it is at work: so an entry that is neither finished nor locked left nothing. One that fails is put down as
 * rolled back: the next setup tries it again, where Prisma would refuse to until somebody says so by hand.
 *
 * @throws DriverAdapterError with the server's own words, which the engine prints and keeps in its ledger.
 */
export async function runMigrationScript(session: ScriptSession, script: string): Promise<void> {
  const entry = await findEntry(session, script);
  try {
    await session.exec(entry ? `${finish(entry.id)};\n${script}` : script);
  } catch (error) {
    if (!isServerError(error)) throw error;
    if (entry && !hasCommit(script)) {
      await session.exec(`update _prisma_migrations set rolled_back_at = now() where id = '${entry.id}'`);
      write(`The migration ${entry.name} failed and left nothing: ${error.message}`);
      write(`Mend the cause, then run "npm run setup" again.`);
    }
    throw new DriverAdapterError(toPayload(error));
  }
}

/**
 * Puts migrations that were cut off, with their process or their connection, down as rolled back, so that they are tried
 * again. Prisma would refuse to go on. One that another setup is at work on keeps its entry locked.
 */
export async function settleCutOffMigrations(session: ScriptSession): Promise<void> {
  if (!(await hasLedger(session.query))) return;
  const settled = await session.query<{ name: string }>(
    `update _prisma_migrations set rolled_back_at = now()
     where id in (${selectUnfinished} for update skip locked)
     returning migration_name as name`,
  );
  for (const { name } of settled) write(`The migration ${name} was cut off and left nothing. It is tried again.`);
  const [working] = await session.query<{ name: string }>(`select migration_name as name ${unfinished}`);
  if (working) write(`Another setup is at work on ${working.name}. Run "npm run setup" again when it is done.`);
}

const unfinished = "from _prisma_migrations where finished_at is null and rolled_back_at is null";
const selectUnfinished = `select id ${unfinished}`;

/** Of the migration that the engine has just entered and is about to run, or undefined for any other script. */
async function findEntry({ query }: ScriptSession, script: string): Promise<{ id: string; name: string } | undefined> {
  if (!(await hasLedger(query))) return undefined;
  const checksum = createHash("sha256").update(script).digest("hex");
  const [entry] = await query<{ id: string; name: string }>(
    `select id, migration_name as name ${unfinished} and checksum = '${checksum}'`,
  );
  return entry;
}

async function hasLedger(query: ScriptSession["query"]): Promise<boolean> {
  const [found] = await query<{ ledger: string | null }>("select to_regclass('_prisma_migrations')::text as ledger");
  return found?.ledger != null;
}

function finish(id: string): string {
  return `update _prisma_migrations set finished_at = now(), rolled_back_at = null where id = '${id}'`;
}

/** Without its code, by which the engine would put words of its own in place of the server's. */
function toPayload({ code, severity, message, detail, hint, column }: ServerError): ErrorPayload {
  return { kind: "postgres", code: "N/A", severity, message: `${message} (${code})`, detail, hint, column };
}

/** What a migration commits itself stays when the rest of it fails. */
function hasCommit(script: string): boolean {
  return /\b(commit|end)( (work|transaction))?\s*;/i.test(script.replace(/\$(\w*)\$.*?\$\1\$/gs, ""));
}

/** The server answered, so nothing of what it refused is there. Where the connection was lost nobody knows. */
function isServerError(error: unknown): error is ServerError {
  const { code, severity } = error as Partial<ServerError>;
  return error instanceof Error && typeof code === "string" && typeof severity === "string";
}

function write(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}
