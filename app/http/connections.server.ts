import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { NextFunction, Request, Response } from "express";

/** How much of a body that nobody reads is taken in and dropped. */
const maxDroppedBytes = 8 * 1024 * 1024;

/**
 * Takes in what is left of a body when the answer is out: a refusal need not read it. Without this the client would
 * wait to send the rest, and its next request on the connection with it, until the connection is reset.
 */
export function dropUnreadBody(request: Request, response: Response, next: NextFunction): void {
  response.once("finish", () => {
    if (request.readableEnded) return;
    let bytes = 0;
    // Remix's own listener would pause the body again.
    request.removeAllListeners("data");
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.byteLength;
      if (bytes > maxDroppedBytes) request.destroy();
    });
    request.resume();
  });
  next();
}

const unreadableAnswers: Record<string, string> = {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
};
/** How long a client may go on sending what nobody reads. */
const lingerMs = 1_000;

/**
 * Knows which connections have no request at work. One that carries what can't be read as a request is answered, with
 * Node's own status, and closed once the client has the answer: Node would cut it immediately, and a client that is
 * still sending its body would see a reset and no answer.
 *
 * Returns the function that closes each connection as soon as no request is at work on it. Node's own
 * closeIdleConnections waits for a connection that has never carried a request, as browsers and balancers keep some,
 * and for one that a client keeps busy.
 */
export function trackConnections(server: Server): () => void {
  const idle = new Set<Socket>();
  const unreadable = new WeakSet<Socket>();
  let isClosing = false;
  server.on("connection", (socket) => {
    idle.add(socket);
    socket.once("close", () => idle.delete(socket));
  });
  server.on("request", ({ socket }, response) => {
    idle.delete(socket);
    response.once("close", () => {
      if (isClosing) socket.end();
      else if (!socket.destroyed) idle.add(socket);
    });
  });
  server.on("clientError", (error, socket: Socket) => {
    // Each part of the rest that still comes in is unreadable as well.
    if (unreadable.has(socket)) return;
    unreadable.add(socket);
    // Not into the middle of another answer.
    if (socket.writable && idle.has(socket)) answerUnreadable(socket, error);
    else socket.destroy();
  });
  return () => {
    isClosing = true;
    for (const socket of idle) socket.destroy();
  };
}

function answerUnreadable(socket: Socket, { code = "" }: NodeJS.ErrnoException): void {
  socket.end(`HTTP/1.1 ${unreadableAnswers[code] ?? "400 Bad Request"}\r\nConnection: close\r\n\r\n`);
  setTimeout(() => socket.destroy(), lingerMs).unref();
}
