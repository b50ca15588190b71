import { type Engine, perEngine } from "../engine.server";

/** Checks that are in trouble, and why. */
export type Reasons = Partial<Record<"database" | "lastRun" | "lastVerification" | "oldestMark" | "replica", string>>;

/** Since when this process has seen each trouble. Its clock may be another than the database's, which may be away. */
const noticed = perEngine(() => new Map<keyof Reasons, Date>());

/**
 * Keeps the reason of a check that is not ok, and logs when it begins and when it is over: not each time that it is seen.
 * Returns since when it is known, or null where there is no trouble.
 */
export function notice(
  engine: Engine,
  name: keyof Reasons,
  reason: string | null | undefined,
  reasons: Reasons,
): Date | null {
  const { log } = engine;
  const known = noticed(engine).get(name);
  if (!reason) {
    if (known) log.info({ check: name, since: known }, "the health check finds a trouble over");
    noticed(engine).delete(name);
    return null;
  }
  reasons[name] = reason;
  if (known) return known;
  log.error({ check: name, error: reason }, "the health check finds a trouble");
  const since = new Date();
  noticed(engine).set(name, since);
  return since;
}
