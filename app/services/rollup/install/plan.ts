import type { AppPart, Trigger } from "../definition/app-part";
import { toDefinitionInsert } from "../definition/definition-row-sql";
import { toExactView } from "../definition/exact-view-sql";
import { listFollowShopsTriggers, toFollowShopsFunction } from "../definition/follow-shops-sql";
import { listChildIndexes, listScanIndexes, type ScanIndex } from "../definition/index-sql";
import { toMarkFunction } from "../definition/mark-function-sql";
import { listMarkTriggers } from "../definition/mark-trigger-sql";
import { toFirstMarks } from "../definition/marking-sql";
import { listFunctionNames, toNames } from "../definition/names";
import type { Definition } from "../definition/rollup";
import { toSearchPaths } from "../definition/search-path-sql";
import { toDailyTable, toLedgerTables, toMarksTable, toUuidFunction } from "../definition/tables-sql";
import { toFillStep } from "./fill-step";
import { toIsSlicesDone, toProgressCreation, toProgressReset, toProgressTable } from "./progress-sql";
import { toAreTriggers, toIsColumn, toIsDefinition, toIsIndex, toIsTable } from "./standing-sql";
import { type Step, toRangeSql } from "./step";

/** How much a slice is to begin with. It grows while slices are quick. */
export type SliceSizes = { rows: number; shops: number };

const defaultSizes: SliceSizes = { rows: 2_000, shops: 100 };

const firstMarks = "first marks";

/**
 * The steps that leave a live database as the first migration leaves one at rest. Each is short for the host: one that
 * locks a host table is a transaction on that table alone.
 *
 * Why reads are exact from the last step on, though writers never stop: to create a trigger PostgreSQL waits until no
 * transaction that has written the table is open, and every later write finds the trigger, whatever its isolation. So a
 * change is either committed before its table's triggers are, or it leaves its own marks. The first marks begin when the
 * triggers of all sources are committed. Each slice has a snapshot of its own, which sees all changes of the first kind:
 * it marks the days of the rows as they left them, or as later changes, which mark themselves, did. A row that such a
 * change deleted or moved away leaves nothing on its old day, since there is no daily row before the first run.
 * And no run begins before the last step: a process that finds no definition in the database refuses to start.
 *
 * The fill of an app's column follows the same rule: what stamps new values is there before it begins. It comes before the
 * triggers that mark, since what it changes is marked with all that is there.
 */
export function listInstallSteps(definition: Definition, app?: AppPart, sizes = defaultSizes): Step[] {
  const { shops } = definition;
  const { exactView } = toNames(definition);
  const fills = (app?.fills ?? []).map((fill) => toFillStep(definition, fill, sizes.rows));
  const marking = Object.keys(definition.sources).map((name) => listMarkTriggers(definition, name));
  return [
    toOwnStep(definition, app),
    ...(app?.columns ?? []).map(
      ({ table, column, sql }): Step => ({
        ...{ kind: "column", name: `column ${column} of ${table}`, table, sql },
        isDone: toIsColumn(table, column),
      }),
    ),
    ...groupByTable(app?.triggers ?? []).map((triggers) =>
      toTriggersStep(
        definition,
        triggers,
        fills.map(({ name }) => name),
      ),
    ),
    ...fills,
    ...[...marking, listFollowShopsTriggers(definition)].map((triggers) =>
      toTriggersStep(definition, triggers, [firstMarks]),
    ),
    ...[...(app?.indexes ?? []), ...listScanIndexes(definition), ...listChildIndexes(definition)].map(toIndexStep),
    {
      ...{ kind: "slices", name: firstMarks, table: shops.table, key: shops.key, keyType: shops.keyType ?? "text" },
      // Ranges reach to the next shop and, in the end, to infinity, so that rows whose shop is gone are marked, too.
      toSql: (range) => toFirstMarks(definition, (shop) => toRangeSql(shop, range)),
      ...{ size: sizes.shops, maxSize: 2_000, passesOver: false },
      isDone: toIsSlicesDone(definition, firstMarks),
    },
    {
      ...{ kind: "statements", name: `view ${exactView}`, isDone: toIsTable(exactView) },
      sql: toExactView(definition),
    },
    {
      ...{ kind: "statements", name: "definition", isLast: true, isDone: toIsDefinition(definition) },
      sql: `${toDefinitionInsert(definition)}\n\ndrop table ${toProgressTable(definition)};`,
    },
  ];
}

/** The rollup's own tables and functions. */
function toOwnStep(definition: Definition, app: AppPart | undefined): Step {
  const names = Object.keys(definition.sources);
  return {
    ...{ kind: "statements", name: "tables and functions", isDone: toIsTable(toProgressTable(definition)) },
    sql: [
      toProgressCreation(definition),
      toUuidFunction(definition),
      toDailyTable(definition),
      toMarksTable(definition),
      toLedgerTables(definition),
      ...names.map((name) => toMarkFunction(definition, name)),
      toFollowShopsFunction(definition),
      ...(app?.functions ?? []),
      toSearchPaths(listFunctionNames(definition)),
    ].join("\n\n"),
  };
}

/** `restarts`: steps that rely on the triggers, and begin again where these had to be made anew. */
function toTriggersStep(definition: Definition, triggers: Trigger[], restarts: string[]): Step {
  const table = triggers[0]?.table ?? "";
  return {
    ...{
      kind: "triggers",
      name: `${triggers.length} triggers on ${table}`,
      table,
      triggers,
      isDone: toAreTriggers(triggers),
    },
    sql: [
      ...triggers.map(({ sql }) => sql.replace(/^create trigger/, "create or replace trigger")),
      ...(restarts.length > 0 ? [toProgressReset(definition, restarts)] : []),
    ].join("\n"),
  };
}

function groupByTable(triggers: Trigger[]): Trigger[][] {
  const tables = [...new Set(triggers.map(({ table }) => table))];
  return tables.map((table) => triggers.filter((trigger) => trigger.table === table));
}

function toIndexStep({ name, table, sql }: ScanIndex): Step {
  return {
    ...{ kind: "index", name: `index ${name}`, table },
    isDone: toIsIndex(name, { isValid: true }),
    isInvalid: toIsIndex(name, { isValid: false }),
    drop: `drop index concurrently if exists ${name};`,
    sql: sql.replace(/^create index/, "create index concurrently"),
  };
}
