import type { Server } from "node:http";
import type { Socket } from "node:net";

/**
 * Returns the function that closes each connection as soon as no request is at work on it. Node's own
 * closeIdleConnections waits for a connection that has never carried a request, as browsers and balancers keep some,
 * and for one that a client keeps busy.
 */
export function trackConnections(server: Server): () => void {
  const idle = new Set<Socket>();
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
  return () => {
    isClosing = true;
    for (const socket of idle) socket.destroy();
  };
}
