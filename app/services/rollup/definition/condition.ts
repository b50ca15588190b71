// Conditions are data, so that the columns which a count depends on are known and can't be forgotten.

export type Scalar = string | number | boolean;

/** What one column must be: a value, one of several, null, anything but these, or a number within bounds. */
export type Test =
  | Scalar
  | Scalar[]
  | null
  | { not: Scalar | Scalar[] | null }
  | { atLeast: number; atMost?: number }
  | { atMost: number };

/** What a row must fulfil: each of its columns named here, all at once. An empty condition holds for every row. */
export type Condition = { readonly [column: string]: Test };

/** The columns that a condition reads. */
export function listConditionColumns(condition: Condition = {}): string[] {
  return Object.keys(condition);
}

/**
 * The condition in SQL on the row `alias`: "true" for an empty one. A column that is null fulfils no test but `null` and
 * `not`.
 */
export function toConditionSql(alias: string, condition: Condition = {}): string {
  const tests = Object.entries(condition).map(([column, test]) => toTestSql(`${alias}.${column}`, test));
  return tests.length === 0 ? "true" : tests.join(" and ");
}

function toTestSql(column: string, test: Test): string {
  if (test === null) return `${column} is null`;
  if (Array.isArray(test)) return `${column} in (${listLiterals(test)})`;
  if (typeof test !== "object") return `${column} = ${toLiteral(test)}`;
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
  return `${column} is distinct from ${toLiteral(excluded)}`;
}

function listLiterals(values: Scalar[]): string {
  if (values.length === 0) throw new Error("A condition lists no value; it must list one or more.");
  return values.map(toLiteral).join(", ");
}

/** A value as SQL text. Conditions are constants of the code, but a quote in one must not end it. */
export function toLiteral(value: Scalar): string {
  if (typeof value === "string") {
    if (value.includes("\\") || value.includes("\0")) {
      throw new Error(`A condition has the text ${JSON.stringify(value)}; it must have no backslash and no NUL.`);
    }
    return `'${value.replaceAll("'", "''")}'`;
  }
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new Error(`A condition has the number ${value}; it must be finite.`);
  }
  return String(value);
}
