import type { Engine } from "../engine.server";

// Whether anything was written since the last run looked at its window, by the transaction ids of the whole server: each
// transaction that writes anything takes the next one. So it is exact, round the triggers too, and where another
// database of the server is busy, it says nothing, and the window is looked at as ever.
//
// The transaction that ends a run that has looked must take the id that was next in the look: then nobody has written in
// between. The one that opens the next run must take the id that follows, or somebody was there. On shards the ids are the
// coordinator's, and say nothing of the workers.

/** SQL of the id of the next transaction, in the snapshot of the statement: null while one that has an id is open. */
export function nextXid({ settings }: Engine): string {
  if (settings.isSharded) return "null";
  return `case
    when pg_snapshot_xmin(pg_current_snapshot()) = pg_snapshot_xmax(pg_current_snapshot())
      then pg_snapshot_xmax(pg_current_snapshot())::text
  end`;
}

/** SQL of the id of the transaction that ends a run, where all before it is seen: where it is :seenXid, which was next in the look. */
export function seenXid({ settings }: Engine): string {
  if (settings.isSharded) return "null";
  return "case when pg_current_xact_id()::text = :seenXid::text then :seenXid::text end";
}

/**
 * SQL of the next transaction's id when the run :runId has been opened, where nothing before that is unseen: the last run is of
 * the same window, has seen all of it, and its end is the transaction just before the opening. Null where it is not so.
 */
export function quietXid({ names, settings }: Engine): string {
  if (settings.isSharded) return "null";
  return `(
    select (u.opened_at_xid::bigint + 1)::text
    from ${names.runs} u
    cross join lateral (
      select r.from_date, r.to_date, r.seen_xid
      from ${names.runs} r
      where r.kind = 'rollup'
        and r.id <> u.id
      order by r.started_at desc
      limit 1
    ) r
    where u.id = :runId::text
      and r.from_date = u.from_date
      and r.to_date = u.to_date
      and r.seen_xid::bigint = u.opened_at_xid::bigint - 1
  )`;
}
