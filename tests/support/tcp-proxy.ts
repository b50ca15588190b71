import { connect, createServer, type Socket } from "node:net";
import { afterEach } from "vitest";
import { findFreePort } from "../setup/server";

/**
 * A way to a database that can be closed, with every connection on it cut, and opened again; or frozen: connections
 * stay, new ones are taken, and nothing comes through.
 */
export type Proxy = {
  url: string;
  open: () => Promise<void>;
  close: () => Promise<void>;
  freeze: () => void;
  thaw: () => void;
};

const opened: Proxy[] = [];

afterEach(async () => {
  for (const proxy of opened.splice(0)) await proxy.close();
});

/** Stands before the database of the URL. Closed at first: connections are refused. */
export async function makeProxy(databaseUrl: string): Promise<Proxy> {
  const target = new URL(databaseUrl);
  const port = await findFreePort();
  const sockets = new Set<Socket>();
  let isFrozen = false;

  function track(socket: Socket): void {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  }

  function makeServer() {
    return createServer((client) => {
      const database = connect(Number(target.port || 5432), target.hostname);
      track(client);
      track(database);
      client.pipe(database).pipe(client);
      if (isFrozen) client.pause();
      client.on("close", () => database.destroy());
      database.on("close", () => client.destroy());
    });
  }

  let server: ReturnType<typeof makeServer> | undefined;
  const url = new URL(databaseUrl);
  url.hostname = "127.0.0.1";
  url.port = `${port}`;
  const proxy: Proxy = {
    url: url.href,
    async open() {
      const opening = makeServer();
      server = opening;
      await new Promise<void>((resolve, reject) => {
        opening.once("error", reject);
        opening.listen(port, "127.0.0.1", resolve);
      });
    },
    freeze() {
      isFrozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw() {
      isFrozen = false;
      for (const socket of sockets) socket.resume();
    },
    async close() {
      const closing = server;
      server = undefined;
      const closed = new Promise((resolve) => (closing ? closing.close(resolve) : resolve(undefined)));
      for (const socket of sockets) socket.resetAndDestroy();
      await closed;
    },
  };
  opened.push(proxy);
  return proxy;
}
