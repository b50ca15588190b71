import { readFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { TLSSocket } from "node:tls";
import { afterEach } from "vitest";
import { findFreePort } from "../setup/server";

/** Certificates that signed themselves: of 127.0.0.1, and of another host. */
export type CertificateName = "server" | "elsewhere";

const folder = join(import.meta.dirname, "tls");

export function toCertificatePath(name: CertificateName): string {
  return join(folder, `${name}.crt`);
}

const opened: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

/** Stands before a server and speaks TLS with its clients. Returns the URL, without an sslmode. */
export async function makeTlsProxy(databaseUrl: string, certificate: CertificateName): Promise<string> {
  const target = new URL(databaseUrl);
  const port = await findFreePort();
  const [cert, key] = ["crt", "key"].map((kind) => readFileSync(join(folder, `${certificate}.${kind}`)));
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const database = connect(Number(target.port || 5432), target.hostname);
    for (const socket of [client, database]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => sockets.delete(socket));
    }
    client.on("close", () => database.destroy());
    database.on("close", () => client.destroy());
    // The request for encryption, and "S" for yes.
    client.once("data", () => {
      client.write("S");
      const encrypted = new TLSSocket(client, { isServer: true, cert, key });
      encrypted.on("error", () => client.destroy());
      encrypted.pipe(database).pipe(encrypted);
    });
  });
  await new Promise<void>((listening) => server.listen(port, "127.0.0.1", listening));
  opened.push(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  });
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${port}`;
  return url.href;
}
