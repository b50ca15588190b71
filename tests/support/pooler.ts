import { connect, createServer, type Socket } from "node:net";
import { afterEach } from "vitest";
import { findFreePort } from "../setup/server";

const opened: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

/**
 * Stands before a server as a pooler does that takes the start-up parameter `options` and drops it: PgBouncer's
 * "ignore_startup_parameters = options". As any pooler it greets with a process id of its own. Returns the URL to connect by.
 */
export async function makePooler(databaseUrl: string): Promise<string> {
  const target = new URL(databaseUrl);
  const port = await findFreePort();
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const database = connect(Number(target.port || 5432), target.hostname);
    for (const socket of [client, database]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
    }
    // The first message comes whole: it is small, and the client waits for the answer to it.
    client.once("data", (first: Buffer) => {
      database.write(dropOptions(first));
      client.pipe(database);
    });
    database.on("data", (data: Buffer) => client.write(changeProcessId(data)));
    client.on("close", () => database.destroy());
    database.on("close", () => client.destroy());
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

/** The server's first message with its process id and its key for cancellations: "K", a length of 12, both as four bytes. */
function changeProcessId(data: Buffer): Buffer {
  const start = data.indexOf(Buffer.from([0x4b, 0, 0, 0, 12]));
  if (start >= 0 && start + 9 <= data.length) data.writeInt32BE(123_456_789, start + 5);
  return data;
}

/** Of a start-up message: its length, the protocol's version, names and values that end in NUL, and a NUL. */
function dropOptions(message: Buffer): Buffer {
  const texts = message.subarray(8, -1).toString().split("\0").slice(0, -1);
  const kept = texts.flatMap((name, index) =>
    index % 2 === 0 && name !== "options" ? [name, texts[index + 1] ?? ""] : [],
  );
  const body = Buffer.from(`${kept.map((text) => `${text}\0`).join("")}\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + body.length, 0);
  message.copy(head, 4, 4, 8);
  return Buffer.concat([head, body]);
}

/** One that takes no `options`, as PgBouncer without that setting: it refuses each connection with these words. */
export async function makeRefusingPooler(databaseUrl: string, words: string): Promise<string> {
  const fields = `SFATAL\0VFATAL\0C08P01\0M${words}\0\0`;
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeInt32BE(4 + Buffer.byteLength(fields), 1);
  const server = createServer((client) => {
    client.on("error", () => undefined);
    client.once("data", () => client.end(Buffer.concat([head, Buffer.from(fields)])));
  });
  const port = await findFreePort();
  await new Promise<void>((listening) => server.listen(port, "127.0.0.1", listening));
  opened.push(() => new Promise((closed) => void server.close(() => closed())));
  return Object.assign(new URL(databaseUrl), { host: `127.0.0.1:${port}` }).href;
}
