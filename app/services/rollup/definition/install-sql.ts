import { type AppPart, toAppSection } from "./app-part";
import { toDefinitionInsert } from "./definition-row-sql";
import { toExactView } from "./exact-view-sql";
import { toFollowShopsFunction, toFollowShopsTriggers } from "./follow-shops-sql";
import { toHostCheck } from "./host-check-sql";
import { listChildIndexes, listScanIndexes } from "./index-sql";
import { toMarkFunction } from "./mark-function-sql";
import { toMarkTriggers } from "./mark-trigger-sql";
import { toFirstMarks } from "./marking-sql";
import { listFunctionNames } from "./names";
import type { Definition } from "./rollup";
import { toSearchPaths } from "./search-path-sql";
import { section } from "./section";
import { toDailyTable, toLedgerTables, toMarksTable, toUuidFunction } from "./tables-sql";

/**
 * The first migration of a definition: all that a database needs to count by it. One transaction: the triggers exist
 * before its last step marks what is already there, so that no change slips between.
 */
export function toInstallSql(definition: Definition, app?: AppPart): string {
  const names = Object.keys(definition.sources);
  const sections = [
    section("What of the host's schema does not fit. Where something does not, nothing is changed.", [
      toHostCheck(definition, { isFirst: true, ...app?.needs }),
    ]),
    app ? toAppSection(app) : "",
    section("The rollup, its change log and its ledger.", [
      toUuidFunction(definition),
      toDailyTable(definition),
      toMarksTable(definition),
      toLedgerTables(definition),
    ]),
    section(
      "Two indexes for each instant that a metric counts by: the days of one shop, and the recent days of all shops.",
      [[...listScanIndexes(definition), ...listChildIndexes(definition)].map(({ sql }) => sql).join("\n")],
    ),
    section(
      `The change log. One function for each source table, called once a statement with all its rows. An update marks the
old and the new day of what moved, and nothing where no counted column changed. Infinite timestamps lie on no day. They
run with the rights of their owner, so that who writes source rows needs no right of its own here.`,
      [
        ...names.map((name) => toMarkFunction(definition, name)),
        ...names.map((name) => toMarkTriggers(definition, name)),
      ],
    ),
    section(
      `The rollup's rows follow their shop: they go with it and take its new id. The marks of the old id are dropped as a
gone shop's; those of the new one are added, as ever, since one of them may be of a day that has no row any more.`,
      [toFollowShopsFunction(definition), toFollowShopsTriggers(definition)],
    ),
    section(
      `The functions find their tables in this schema, in sessions that have an empty search path, such as a restore, too;
and a temporary table of the same name last.`,
      [toSearchPaths(listFunctionNames(definition))],
    ),
    section(
      "For whoever reads by SQL: the daily rows, exact in the snapshot of each statement, before any run and beside one.",
      [toExactView(definition)],
    ),
    section("Marks for every day that has data already, so that reads are exact from the first second.", [
      toFirstMarks(definition),
    ]),
    section("What is counted from now on.", [toDefinitionInsert(definition)]),
  ];
  return `${sections.filter(Boolean).join("\n\n")}\n`;
}
