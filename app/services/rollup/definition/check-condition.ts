import { requireName } from "./check-name";
import { type Condition, splitCondition } from "./condition";

/** The sources that `$has` may name: those whose parent is the source `of`. */
export type AllowedChildren = { of: string; names: string[] };

/**
 * Checks a condition. Without `children` it must look at its own row alone.
 *
 * @throws Error that names the part, its value and what is allowed.
 */
export function checkCondition(path: string, condition: Condition = {}, children?: AllowedChildren): void {
  if (!isPlainObject(condition)) throw new Error(`${path} is ${JSON.stringify(condition)}; it must be a condition.`);
  const { $anyOf, $has } = condition;
  if ("$anyOf" in condition) checkAlternatives(`${path}.$anyOf`, $anyOf, children);
  if ("$has" in condition) checkChildren(`${path}.$has`, $has, children);
  for (const [column, test] of splitCondition(condition).tests) {
    requireName(`${path}, a column,`, column);
    checkTest(`${path}.${column}`, test);
  }
}

function checkAlternatives(path: string, alternatives: unknown, children?: AllowedChildren): void {
  if (!Array.isArray(alternatives) || alternatives.length === 0) {
    throw new Error(`${path} is ${JSON.stringify(alternatives)}; it must list one condition or more.`);
  }
  alternatives.forEach((one: Condition, index) => {
    checkCondition(`${path}[${index}]`, one, children);
    if (Object.keys(one).length === 0) {
      throw new Error(`${path}[${index}] is empty, so that it holds for every row; it must ask for something.`);
    }
  });
}

function checkChildren(path: string, tests: unknown, children?: AllowedChildren): void {
  if (!children) {
    throw new Error(`${path} is given where a row's children are not looked at: only the "where" of a count does.`);
  }
  if (!isPlainObject(tests) || Object.keys(tests).length === 0) {
    throw new Error(`${path} is ${JSON.stringify(tests)}; it must name a source and a condition.`);
  }
  for (const [source, condition] of Object.entries(tests)) {
    if (!children.names.includes(source)) {
      const allowed = children.names.length === 0 ? "it has none" : `it must be one of ${children.names.join(", ")}`;
      throw new Error(`${path} is ${JSON.stringify(source)}, which is no child of "${children.of}"; ${allowed}.`);
    }
    checkCondition(`${path}.${source}`, condition as Condition);
  }
}

/** The parts that a test may have where it is no value. */
const testParts = [["not"], ["atLeast"], ["atMost"], ["atLeast", "atMost"]].map((parts) => parts.join());

function checkTest(path: string, test: unknown): void {
  if (Array.isArray(test) || isScalar(test) || test === null) {
    checkValues(path, test);
    return;
  }
  if (!isPlainObject(test) || !testParts.includes(Object.keys(test).sort().join())) {
    throw new Error(
      `${path} is ${JSON.stringify(test)}; it must be a value, a list of values, null, { not } or { atLeast, atMost }.`,
    );
  }
  if ("not" in test) {
    const { not } = test;
    checkValues(`${path}.not`, not);
    return;
  }
  for (const [bound, value] of Object.entries(test)) {
    if (typeof value === "number" && Number.isFinite(value)) continue;
    throw new Error(`${path}.${bound} is ${JSON.stringify(value)}; it must be a number.`);
  }
}

function checkValues(path: string, values: unknown): void {
  if (values === null || isScalar(values)) return;
  if (Array.isArray(values) && values.length === 0) {
    throw new Error(`${path} is an empty list; it must list one value or more.`);
  }
  if (Array.isArray(values) && values.every(isScalar)) return;
  throw new Error(`${path} is ${JSON.stringify(values)}; it must be a value or a list of values.`);
}

function isScalar(value: unknown): boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
