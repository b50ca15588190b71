import { ZodError } from "zod";

/** Of a chain of causes, and of several errors in one, so many are told. */
const maxMessages = 4;

/**
 * The message of a thrown value, in one line: for a failed statement the database's own words, and after an error's own
 * message those of its causes, since "fetch failed" alone says nothing.
 */
export function toErrorMessage(error: unknown): string {
  const messages: string[] = [];
  let cause: unknown = error;
  for (let depth = 0; cause != null && depth < maxMessages; depth += 1) {
    const message = toOwnMessage(cause);
    if (message && !messages.some((told) => told.includes(message))) messages.push(message);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return messages.join(": ");
}

function toOwnMessage(error: unknown): string {
  if (error instanceof ZodError) return toFieldsMessage(error);
  if (error instanceof AggregateError) return toSeveralMessage(error);
  const message = toDatabaseMessage(error) ?? (error instanceof Error ? error.message : String(error));
  return message.trim().split("\n").at(-1) || toCode(error);
}

/** The first fields that are not as they should be, and why. None of their values: they may be a customer's. */
function toFieldsMessage({ issues }: ZodError): string {
  return issues
    .slice(0, 3)
    .map(({ path, message }) => `${path.join(".")}: ${message}`)
    .join("; ");
}

/** Node's error where no address of a host could be reached has no message of its own. */
function toSeveralMessage({ errors, message }: AggregateError): string {
  const messages = errors.slice(0, maxMessages).map(toErrorMessage);
  return [message, ...new Set(messages)].filter(Boolean).join(", ");
}

/** Prisma leaves the database's words out of its own message when the adapter gives them under another name. */
function toDatabaseMessage(error: unknown): string | undefined {
  const { originalMessage, message, reason } = getDatabaseError(error) ?? {};
  const words = originalMessage ?? message ?? reason;
  return typeof words === "string" ? words : undefined;
}

/** What the adapter made of the driver's error: its SQLSTATE is `originalCode`. */
export function getDatabaseError(error: unknown): DatabaseError | undefined {
  return getPrismaError(error)?.meta?.driverAdapterError?.cause;
}

type DatabaseError = Partial<
  Record<"kind" | "code" | "originalCode" | "originalMessage" | "message" | "reason", unknown>
>;
type PrismaError = Error & { code: string; meta?: { driverAdapterError?: { cause?: DatabaseError } } };

/** The client's error of a statement. By its name: each of Prisma's generators has a class of its own. */
export function getPrismaError(error: unknown): PrismaError | undefined {
  return error instanceof Error && error.name === "PrismaClientKnownRequestError" ? (error as PrismaError) : undefined;
}

function toCode(error: unknown): string {
  return error instanceof Error ? String((error as NodeJS.ErrnoException).code ?? error.name) : "";
}
