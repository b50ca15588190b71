import { Prisma } from "@prisma/client";

/** The message of a thrown value: for a failed statement the database's own words, and one line in any case. */
export function toErrorMessage(error: unknown): string {
  const message = toDatabaseMessage(error) ?? (error instanceof Error ? error.message : String(error));
  return message.trim().split("\n").at(-1) ?? "";
}

/** Prisma leaves the database's words out of its own message when the adapter gives them under another name. */
function toDatabaseMessage(error: unknown): string | undefined {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return undefined;
  const adapterError = error.meta?.driverAdapterError as { cause?: Record<string, unknown> } | undefined;
  const message = adapterError?.cause?.originalMessage ?? adapterError?.cause?.message;
  return typeof message === "string" ? message : undefined;
}
