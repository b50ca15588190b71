import { Prisma } from "@prisma/client";
import { ZodError } from "zod";

/** The message of a thrown value: for a failed statement the database's own words, and one line in any case. */
export function toErrorMessage(error: unknown): string {
  if (error instanceof ZodError) return toFieldsMessage(error);
  const message = toDatabaseMessage(error) ?? (error instanceof Error ? error.message : String(error));
  return message.trim().split("\n").at(-1) ?? "";
}

/** The first fields that are not as they should be, and why. None of their values: they may be a customer's. */
function toFieldsMessage({ issues }: ZodError): string {
  return issues
    .slice(0, 3)
    .map(({ path, message }) => `${path.join(".")}: ${message}`)
    .join("; ");
}

/** Prisma leaves the database's words out of its own message when the adapter gives them under another name. */
function toDatabaseMessage(error: unknown): string | undefined {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return undefined;
  const adapterError = error.meta?.driverAdapterError as { cause?: Record<string, unknown> } | undefined;
  const message = adapterError?.cause?.originalMessage ?? adapterError?.cause?.message;
  return typeof message === "string" ? message : undefined;
}
