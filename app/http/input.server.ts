import { z } from "zod";
import { countDays, type Day, firstDay, isDay, lastDay, maxRangeDays, toRange } from "~/services/rollup/day";
import { type Issue, refuse } from "./answer.server";
import { maxJsonBytes } from "./route-limits.server";

const maxIdLength = 255;

const dayAllowed = `must be a day as YYYY-MM-DD, from ${firstDay} to ${lastDay}`;

/** A calendar day. */
export const daySchema = z.string({ error: dayAllowed }).refine(isDay, dayAllowed) as unknown as z.ZodType<Day, string>;

const idAllowed = `must be a text of 1 to ${maxIdLength} characters, without control characters or lone surrogates`;

/** An id of a shop or a run. PostgreSQL can hold neither NUL nor half a character, and no id has a control character. */
export const idSchema = z
  .string({ error: idAllowed })
  .refine((value) => value.length >= 1 && value.length <= maxIdLength && !/[\p{Cc}\p{Cs}]/u.test(value), idAllowed);

/** A whole number in a query, from `min` to `max`. */
export function countSchema(min: number, max: number) {
  const allowed = `must be a whole number from ${min} to ${max}`;
  return z
    .string({ error: allowed })
    .regex(/^\d{1,9}$/, allowed)
    .transform(Number)
    .refine((value) => value >= min && value <= max, allowed);
}

/**
 * Adds to an object schema the rule for its two inclusive days: in order, and not further apart than the longest
 * range. Gives the range under `range`.
 */
export function withRange<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>, fromField: string, toField: string) {
  return schema.transform((input, context) => {
    const fields = input as Record<string, unknown>;
    const from = fields[fromField] as Day;
    const to = fields[toField] as Day;
    const range = toRange(from, to);
    if (from > to) {
      const message = `must not be before ${fromField} (${from})`;
      context.addIssue({ code: "custom", path: [toField], message });
    } else if (countDays(range) > maxRangeDays) {
      const message = `must be at most ${maxRangeDays} days (5 years) from ${fromField} (${from}), both included`;
      context.addIssue({ code: "custom", path: [toField], message });
    }
    return { ...input, range };
  });
}

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

function refuseInput(issues: Issue[]): Response {
  const sentences = issues.map(({ field, value, message }) => {
    const name = /^\w+$/.test(field) ? field : JSON.stringify(field);
    return `${name} ${message} (it was ${JSON.stringify(value)})`;
  });
  return refuse(400, "bad_input", `${sentences.join("; ")}.`, { issues });
}

/** The answer to a body that is wrong as a whole. */
export function refuseBody(message: string): Response {
  return refuse(400, "bad_input", message, { issues: [{ field: "body", value: null, message }] });
}

/** The answer to a body of more bytes than that. */
export function refuseLargeBody(maxBytes: number): Response {
  return refuseBody(`The body is too large; at most ${maxBytes / 1024} KiB are allowed.`);
}

/**
 * Reads the body as it came and no more of it than the limit, however much is sent. To cancel the rest would cut the
 * connection of the answer.
 *
 * @throws Response 400 when there is more, or when the caller hangs up before its end.
 */
export async function readBody(request: Request, maxBytes: number): Promise<Buffer<ArrayBuffer>> {
  if (!request.body) return Buffer.alloc(0);
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  while (true) {
    const { done, value } = await reader.read().catch(() => {
      throw refuseBody("The body ended before all of it had arrived.");
    });
    if (done) break;
    bytes += value.byteLength;
    if (bytes > maxBytes) throw refuseLargeBody(maxBytes);
    chunks.push(value);
  }
  return Buffer.concat(chunks);
}
