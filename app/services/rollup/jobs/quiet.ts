import type { Engine } from "../engine.server";

// Whether anything was written since the last run looked at its window, by the transaction ids of the whole server: each
// transaction that writes anything takes the next one. So it is exact, round the triggers too, and where another
// database of the server is busy, it says nothing, and the window is looked at as ever.
//
// A run that has looked ends with the id that was next when it did: then nobody has written meanwhile, for the
// transaction that says so took that id itself. The next run finds the id behind that next, or somebody was there. On
// shards the ids are the coordinator's, and say nothing of the workers.

/** SQL of the id of the next transaction, in the snapshot of the statement: null while one that has an id is open. */
export function nextXid({ settings }: Engine): string {
  if (settings.isSharded) return "null";
  return `case
    when pg_snapshot_xmin(pg_current_snapshot()) = pg_snapshot_xmax(pg_current_snapshot())
      then pg_snapshot_xmax(pg_current_snapshot())::text
  end`;
}

/** SQL of the id behind which all is seen, to be kept with the end of a run that has seen all before :seenXid. */
export function seenXid({ settings }: Engine): string {
  if (settings.isSharded) return "null";
  return "case when pg_current_xact_id()::text = :seenXid::text then :seenXid::text end";
}

/**
 * SQL of the id behind which the run :runId has seen its whole window without looking, since a run of the same window has and
 * nothing was written since; or null. That run took the id before the one that was next when this one was opened, which this
 * one then took.
 */
export function quietXid({ names, settings }: Engine): string {
  if (settings.isSharded) return "null";
  return `(
    select (u.opened_at_xid::bigint + 1)::text
    from ${names.runs} u
    where u.id = :runId::text
      and exists (
        select
        from ${names.runs} r
        where r.kind = 'rollup'
          and r.from_date = u.from_date
          and r.to_date = u.to_date
          and r.seen_xid::bigint = u.opened_at_xid::bigint - 1
      )
  )`;
}
