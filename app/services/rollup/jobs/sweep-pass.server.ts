import { type Engine, perEngine, type Statements } from "../engine.server";
import { execute } from "../query.server";
import { isOwned, NotOwned, ownedBy } from "./lease.server";
import type { RunRow } from "./ledger.server";

/** What is added to a sweep's row with some shops. A report replaces the one before. */
type Passed = Partial<Pick<RunRow, "shops" | "days" | "rowsWritten" | "rowsDeleted" | "failedShops">> & {
  report?: object;
};

/**
 * Moves the sweep's cursor after these shops and adds what was done.
 *
 * @throws NotOwned when the sweep was cancelled or taken over: to go on would repeat the same shops for as long as
 * nobody else passes them.
 */
export async function passShops(
  engine: Engine,
  runId: string,
  shopIds: string[],
  { shops = 0, days = 0, rowsWritten = 0, rowsDeleted = 0, failedShops = [], report }: Passed,
  client?: Statements,
): Promise<void> {
  const values = {
    ...ownedBy(engine, runId),
    ...{ shops, days, rowsWritten, rowsDeleted },
    cursor: shopIds.at(-1) ?? null,
    done: shopIds.length,
    failedShops: JSON.stringify(failedShops),
    report: report ? JSON.stringify(report) : null,
  };
  const written = await execute(engine, passStatement(engine), values, client);
  if (written === 0) throw new NotOwned(runId);
}

const passStatement = perEngine(
  ({ names }) => `
update ${names.runs}
set cursor = :cursor::text,
  done = done + :done::int,
  shops = shops + :shops::int,
  days = days + :days::int,
  rows_written = rows_written + :rowsWritten::int,
  rows_deleted = rows_deleted + :rowsDeleted::int,
  failed_shops = failed_shops || :failedShops::jsonb,
  report = coalesce(:report::jsonb, report)
where ${isOwned}`,
);
