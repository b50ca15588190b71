import { refuse } from "./answer.server";

/** The most that a JSON body of a route may hold. */
export const maxJsonBytes = 64 * 1024;

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
