import { type Condition, listChildTests, listConditionColumns } from "~/services/rollup/definition/condition";
import { count, type Definition } from "~/services/rollup/definition/rollup";

/** A column that a count depends on. `marks`: whose days a change of it marks: the row's own, its children's, its parent's. */
export type Case = { table: string; column: string; marks: Whose[] };

type Whose = "own" | "children" | "parent";

/** Every column that any scan or metric reads, of the table it is read in. */
export function listCases({ scans, sources, metrics, cohortMetrics }: Definition): Case[] {
  const cases = Object.entries(scans).flatMap(([name, scan]): [source: string, column: string, marks: Whose][] => {
    const source = sources[scan.source];
    const parent = source?.parent;
    const aggregates = Object.values({ ...metrics, ...cohortMetrics }).flatMap(({ from }) => from[name] ?? []);
    const wheres = aggregates.map(({ where }) => where);
    const tests = wheres.flatMap(listChildTests);
    const own = [
      scan.at,
      source?.shop ?? "",
      ...listConditionColumns(scan.where),
      ...wheres.flatMap(listConditionColumns),
      ...aggregates.flatMap((aggregate) => (aggregate.kind === "count" ? [] : [aggregate.column])),
      ...(scan.parent && parent ? [parent.column] : []),
      ...(tests.length > 0 && source ? [source.key] : []),
    ];
    return [
      ...own.map((column): [string, string, Whose] => [scan.source, column, "own"]),
      ...(scan.parent && parent ? listConditionColumns(scan.parent) : []).map((column): [string, string, Whose] => [
        parent?.source ?? "",
        column,
        "children",
      ]),
      ...tests
        .flatMap((test) => listColumnsOfTest(test.condition, sources[test.source]))
        .map(([child, column]): [string, string, Whose] => [child, column, "parent"]),
    ];

    function listColumnsOfTest(condition: Condition, child: Definition["sources"][string] | undefined) {
      const [childName = ""] = Object.entries(sources).find(([, one]) => one === child) ?? [];
      const columns = [...listConditionColumns(condition), child?.shop ?? "", child?.parent?.column ?? ""];
      return columns.map((column): [string, string] => [childName, column]);
    }
  });
  const found = new Map<string, Case>();
  for (const [source, column, marks] of cases) {
    const table = sources[source]?.table ?? source;
    const known = found.get(`${table}.${column}`) ?? { table, column, marks: [] };
    found.set(`${table}.${column}`, { ...known, marks: [...new Set([...known.marks, marks])] });
  }
  return [...found.values()];
}

/** The app's definition with counts that look at a row's children, and at alternatives. */
export function withCohorts(definition: Definition): Definition {
  const metric = (column: string, where: Condition) => ({
    column,
    label: column,
    counts: column,
    from: { sent: count(where) },
  });
  return {
    ...definition,
    metrics: {
      ...definition.metrics,
      openedSoFar: metric("opened_so_far", {
        $anyOf: [
          { clicked_at: { not: null } },
          { submitted_at: { not: null } },
          { $has: { request_events: { event_type: ["opened", "clicked"] } } },
        ],
      }),
      answeredSoFar: metric("answered_so_far", {
        $has: { request_events: { $anyOf: [{ event_type: "delivered" }, { event_type: "clicked" }] } },
        status: { not: "failed" },
      }),
      touchedSoFar: metric("touched_so_far", { $has: { request_events: {} } }),
    },
  };
}
