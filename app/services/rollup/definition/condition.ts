import { toLiteral, toValueSql } from "./literal";

// Conditions are data, so that the columns which a count depends on are known and can't be forgotten.

type Scalar = string | number | boolean;

/** What one column must be: a value, one of several, null, anything but these, or a number within bounds. */
type Test =
  | Scalar
  | Scalar[]
  | null
  | { not: Scalar | Scalar[] | null }
  | { atLeast: number; atMost?: number }
  | { atMost: number };

/**
 * What a row must fulfil: each of its columns named here, all of them together. `$anyOf`: one or more of several
 * conditions, too. `$has`, by the name of a source whose parent is this row's source: the row has a child that fulfils a
 * condition. An empty condition holds for every row.
 */
export type Condition = {
  readonly [column: string]: Test | readonly Condition[] | { readonly [source: string]: Condition };
};

/** That a row has a child, in a source, that fulfils a condition. */
export type ChildTest = { source: string; condition: Condition };

/** That a row `alias` has such a child, in SQL. */
export type ToChildSql = (alias: string, child: ChildTest) => string;

/** A condition, taken apart. */
export type ConditionParts = { tests: [column: string, test: Test][]; anyOf: Condition[]; has: ChildTest[] };

export function splitCondition(condition: Condition = {}): ConditionParts {
  const { $anyOf = [], $has = {}, ...tests } = condition;
  return {
    tests: Object.entries(tests) as [string, Test][],
    anyOf: $anyOf as Condition[],
    has: Object.entries($has as Record<string, Condition>).map(([source, own]) => ({ source, condition: own })),
  };
}

/** The columns of its own row that a condition reads. */
export function listConditionColumns(condition?: Condition): string[] {
  const { tests, anyOf } = splitCondition(condition);
  return [...new Set([...tests.map(([column]) => column), ...anyOf.flatMap(listConditionColumns)])];
}

/** What a condition asks of a row's children. */
export function listChildTests(condition?: Condition): ChildTest[] {
  const { anyOf, has } = splitCondition(condition);
  return [...has, ...anyOf.flatMap(listChildTests)];
}

/** The texts that a condition compares columns of its own row with. */
export function listConditionTexts(condition?: Condition): [column: string, text: string][] {
  const { tests, anyOf } = splitCondition(condition);
  const own = tests.flatMap(([column, test]) => {
    const values = typeof test === "object" && test !== null && "not" in test ? test.not : test;
    return [values].flat().flatMap((value): [string, string][] => (typeof value === "string" ? [[column, value]] : []));
  });
  return [...own, ...anyOf.flatMap(listConditionTexts)];
}

/**
 * The condition in SQL on the row `alias`: "true" for an empty one. A column that is null fulfils no test but `null` and
 * `not`.
 */
export function toConditionSql(alias: string, condition: Condition = {}, toChildSql: ToChildSql = refuseChild): string {
  const { tests, anyOf, has } = splitCondition(condition);
  const parts = [
    ...tests.map(([column, test]) => toTestSql(`${alias}.${column}`, test)),
    ...has.map((child) => toChildSql(alias, child)),
    ...(anyOf.length === 0 ? [] : [`(${anyOf.map((one) => toConditionSql(alias, one, toChildSql)).join(" or ")})`]),
  ];
  return parts.length === 0 ? "true" : parts.join(" and ");
}

function refuseChild(_alias: string, { source }: ChildTest): string {
  throw new Error(`$has names ${JSON.stringify(source)} where a row's children are not looked at.`);
}

function toTestSql(column: string, test: Test): string {
  if (test === null) return `${column} is null`;
  if (Array.isArray(test)) return `${column} in (${listLiterals(test)})`;
  if (typeof test !== "object") return `${column} = ${toValueSql(test)}`;
  if ("not" in test) return toExclusionSql(column, test.not);
  const bounds = [
    "atLeast" in test ? `${column} >= ${toLiteral(test.atLeast)}` : null,
    test.atMost === undefined ? null : `${column} <= ${toLiteral(test.atMost)}`,
  ];
  return bounds.filter((bound) => bound !== null).join(" and ");
}

/** A row whose column is null is none of the values, too. */
function toExclusionSql(column: string, excluded: Scalar | Scalar[] | null): string {
  if (excluded === null) return `${column} is not null`;
  if (Array.isArray(excluded)) return `(${column} is null or ${column} not in (${listLiterals(excluded)}))`;
  return `${column} is distinct from ${toValueSql(excluded)}`;
}

function listLiterals(values: Scalar[]): string {
  if (values.length === 0) throw new Error("A condition lists no value; it must list one or more.");
  return values.map(toValueSql).join(", ");
}
