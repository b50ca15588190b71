import { z } from "zod";
import { countDays, type Day, firstDay, isDay, lastDay, maxRangeDays, toRange } from "../day";

/** The longest id, and the longest value that an answer repeats. */
export const maxIdLength = 255;

const dayAllowed = `must be a day as YYYY-MM-DD, from ${firstDay} to ${lastDay}`;

/** A calendar day. */
export const daySchema = z.string({ error: dayAllowed }).refine(isDay, dayAllowed) as unknown as z.ZodType<Day, string>;

const idAllowed = `must be a text of 1 to ${maxIdLength} characters, without control characters or lone surrogates`;

/** An id of a shop or a run. PostgreSQL can hold neither NUL nor half a character, and no id has a control character. */
export const idSchema = z
  .string({ error: idAllowed })
  .refine((value) => value.length >= 1 && value.length <= maxIdLength && !/[\p{Cc}\p{Cs}]/u.test(value), idAllowed);

/** A yes or no in a body. */
export const flagSchema = z.boolean({ error: "must be true or false" });

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
