import type { z } from "zod";
import { type Issue, refuse } from "./answer.server";
import { maxJsonBytes, readBody, refuseBody } from "./body.server";
import { maxIdLength } from "./schemas.server";

/**
 * Reads the query of a URL by the schema. A field that is given twice or is not in the schema is an error.
 *
 * @throws Response 400 that names each wrong field, its value and what is allowed.
 */
export function parseQuery<Schema extends z.ZodType>(request: Request, schema: Schema): z.output<Schema> {
  const query = new URL(request.url).searchParams;
  const twice = [...new Set(query.keys())].filter((key) => query.getAll(key).length > 1);
  if (twice.length > 0) {
    throw refuseInput(twice.map((field) => ({ field, value: query.getAll(field), message: "must be given once" })));
  }
  return parse(Object.fromEntries(query), schema);
}

/**
 * Reads a JSON body of at most 64 KiB by the schema.
 *
 * @throws Response 400 that says what is wrong with the body, or names each wrong field.
 */
export async function parseBody<Schema extends z.ZodType>(request: Request, schema: Schema): Promise<z.output<Schema>> {
  const text = (await readBody(request, maxJsonBytes)).toString("utf8");
  if (text.trim() === "") throw refuseBody("The body is empty; it must be a JSON object.");
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw refuseBody("The body is not JSON; it must be a JSON object.");
  }
  return parse(body, schema);
}

/** Reads any value by the schema, with the same errors as the query and the body. */
export function parse<Schema extends z.ZodType>(input: unknown, schema: Schema): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw refuseInput(result.error.issues.flatMap((issue) => toIssues(issue, input)));
}

function toIssues(issue: z.core.$ZodIssue, input: unknown): Issue[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((field) => ({ field, value: pick(input, [field]), message: "is not a known field" }));
  }
  if (issue.path.length === 0) return [{ field: "body", value: pick(input, []), message: "must be a JSON object" }];
  return [{ field: issue.path.join("."), value: pick(input, issue.path), message: issue.message }];
}

function pick(input: unknown, path: PropertyKey[]): unknown {
  const value = path.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined),
    input,
  );
  const text = toJsonText(value);
  return text.length > maxIdLength ? `${text.slice(0, maxIdLength)}…` : (value ?? null);
}

/** A few thousand levels are more than can be written out, though JSON.parse reads them. */
function toJsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "null";
  } catch {
    return "nested too deeply to repeat it here ".padEnd(maxIdLength + 1, ".");
  }
}

/** The answer to a wrong input, which names each field, its value and what is allowed. */
export function refuseInput(issues: Issue[]): Response {
  const sentences = issues.map(({ field, value, message }) => {
    const name = /^\w+$/.test(field) ? field : JSON.stringify(field);
    return `${name} ${message} (it was ${JSON.stringify(value)})`;
  });
  return refuse(400, "bad_input", `${sentences.join("; ")}.`, { issues });
}
