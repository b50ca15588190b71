import { type Engine, perEngine, type Statements } from "../engine.server";
import { queryRows } from "../query.server";
import { type RunKind, type RunRow, type RunStatus, runKinds, runSchema, selectRuns } from "./ledger.server";

/** Which runs are listed: all without it. `before` is the id of a run; those that began before it are listed. */
export type RunFilter = {
  kind?: RunKind | undefined;
  status?: RunStatus | undefined;
  shopId?: string | undefined;
  before?: string | undefined;
};

/** The latest runs of the ledger first, at most `limit`. A shop's are those of it alone. */
export function listRuns(
  engine: Engine,
  limit: number,
  filter: RunFilter = {},
  client?: Statements,
): Promise<RunRow[]> {
  const { kind = null, status = null, shopId = null, before = null } = filter;
  return queryRows(engine, runSchema, listStatement(engine), { kind, status, id: shopId, before, limit }, client);
}

/** The kinds are named, so that the index on kind and beginning serves. */
const listStatement = perEngine(
  (engine) => `
${selectRuns(engine)}
where r.kind in ${runKinds}
  and (:kind::text is null or r.kind = :kind::text)
  and (:status::text is null or r.status = :status::text)
  and (:id::text is null or r.shop_id::text = :id::text)
  and (
    :before::text is null
    or (r.started_at, r.id) < (select b.started_at, b.id from ${engine.names.runs} b where b.id = :before::text)
  )
order by r.started_at desc, r.id desc
limit :limit::int`,
);
