import type pg from "pg";

/** What a statement waits for: server processes that hold, or stand in line for, what it needs. */
export type Blocker = { pid: number; isAutovacuum: boolean; text: string };

/** Who blocks the server process `pid` at this moment. */
async function listBlockers(look: pg.Client, pid: number): Promise<Blocker[]> {
  const { rows } = await look.query<Blocker>(
    `select a.pid, a.backend_type = 'autovacuum worker' as "isAutovacuum",
      format('%s (%s, its transaction open for %s s): %s', a.pid, coalesce(a.state, a.backend_type),
        coalesce(round(extract(epoch from clock_timestamp() - a.xact_start))::text, '?'),
        left(regexp_replace(a.query, '\\s+', ' ', 'g'), 100)) as text
    from pg_stat_activity a
    where a.pid = any(pg_blocking_pids($1::int))
    order by a.xact_start`,
    [pid],
  );
  return rows;
}

/**
 * Looks every `everyMs` at who blocks `pid`, until it is stopped. Tells `report` when that has changed. `stop` returns
 * whom it has seen last.
 */
export function watchBlockers(
  look: pg.Client,
  { pid, everyMs, report }: { pid: number; everyMs: number; report: (blockers: Blocker[]) => void },
): { stop: () => Promise<Blocker[]> } {
  let seen: Blocker[] = [];
  let looking: Promise<void> = Promise.resolve();
  async function lookOnce(): Promise<void> {
    const blockers = await listBlockers(look, pid);
    if (blockers.length === 0) return;
    const isNew = blockers.some((blocker) => !seen.some((other) => other.pid === blocker.pid));
    seen = blockers;
    if (isNew) report(blockers);
  }
  const timer = setInterval(() => {
    // One look after the other. That it fails is no reason to stop the work: it is only told less.
    looking = looking.then(lookOnce).catch(() => undefined);
  }, everyMs);
  return {
    async stop() {
      clearInterval(timer);
      await looking;
      return seen;
    },
  };
}
