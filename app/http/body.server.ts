import type { IncomingMessage } from "node:http";
import { refuseLargeBody } from "~/services/rollup/http/body.server";

/** True where the request says itself that its body is larger than that. */
export function isTooLong({ headers }: IncomingMessage, maxBytes: number): boolean {
  return Number(headers["content-length"] ?? 0) > maxBytes;
}

/**
 * Takes in the whole body, and no more of it than `maxBytes`. Null when the caller hangs up before its end.
 *
 * @throws Response 400 when there is more.
 */
export function takeBody(request: IncomingMessage, maxBytes: number): Promise<Buffer<ArrayBuffer> | null> {
  const hasBody = request.headers["content-length"] !== undefined || request.headers["transfer-encoding"] !== undefined;
  if (!hasBody || request.readableEnded) return Promise.resolve(Buffer.alloc(0));
  if (request.destroyed) return Promise.resolve(null);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.byteLength;
      if (bytes <= maxBytes) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      request.pause();
      reject(refuseLargeBody(maxBytes));
    });
    request.once("end", () => resolve(Buffer.concat(chunks)));
    request.once("error", () => resolve(null));
    request.once("close", () => resolve(null));
  });
}
