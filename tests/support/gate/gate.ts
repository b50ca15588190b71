import { connect, createServer, type Socket } from "node:net";
import { afterEach } from "vitest";
import { findFreePort } from "../../setup/server";
import { type Message, makeSplitter, toBackendPid, toQuery, toSql } from "./messages";

/**
 * Where to hold a connection: at the last of these statements, once it has sent the others in this order. "before": the
 * server has not seen the statement. "after": the server has done it, and the client has not heard so.
 */
export type Place = { statements: RegExp[]; moment: "before" | "after" };

/** A connection that is held. Its backend's process id says which session it is. */
export type Held = {
  backendPid: number;
  /** Lets it go on as if nothing had been. */
  release: () => void;
  /** Cuts it at both ends. */
  cut: () => void;
  /** Puts in the statement's place one that takes too long, then lets the connection go on. The server refuses it. */
  timeOut: () => void;
};

export type Gate = {
  url: string;
  /** Holds the first connection that comes to the place. */
  hold: (place: Place) => Promise<Held>;
  /** The statements that went through since the last call, for whoever looks for a place. */
  takeStatements: () => string[];
};

const opened: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

type Waiting = Place & { reach: (held: Held) => void };

/** A proxy before the database of the URL that reads what goes by, and can hold a connection at a statement. */
export async function makeGate(databaseUrl: string): Promise<Gate> {
  const target = new URL(databaseUrl);
  const port = await findFreePort();
  const sockets = new Set<Socket>();
  const statements: string[] = [];
  let waiting: Waiting | null = null;

  const server = createServer((client) => {
    const database = connect(Number(target.port || 5432), target.hostname);
    for (const socket of [client, database]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => sockets.delete(socket));
    }
    watchConnection({
      client,
      database,
      onStatement: (sql) => statements.push(sql),
      getWaiting: () => waiting,
      takeWaiting: () => {
        waiting = null;
      },
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  opened.push(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  });

  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${port}`;
  return {
    url: url.href,
    hold: (place) =>
      new Promise((reach) => {
        waiting = { ...place, reach };
      }),
    takeStatements: () => statements.splice(0),
  };
}

type Connection = {
  client: Socket;
  database: Socket;
  onStatement: (sql: string) => void;
  getWaiting: () => Waiting | null;
  takeWaiting: () => void;
};

function watchConnection({ client, database, onStatement, getWaiting, takeWaiting }: Connection): void {
  const splitFrontend = makeSplitter("frontend");
  const splitBackend = makeSplitter("backend");
  let backendPid = 0;
  /** How many of the place's statements this connection has sent. */
  let sent = 0;
  let place: Waiting | null = null;
  /** What is kept back from the server, and from the client, while the connection is held. */
  let toServer: Message[] | null = null;
  let toClient: Message[] | null = null;
  /** What to do with the server's messages instead of passing them on. */
  let divert: ((message: Message) => void) | null = null;

  const write = (socket: Socket, messages: Message[]) => {
    if (socket.writable) for (const { bytes } of messages) socket.write(bytes);
  };
  const release = () => {
    const [forServer, forClient] = [toServer ?? [], toClient ?? []];
    toServer = null;
    toClient = null;
    write(database, forServer);
    write(client, forClient);
    if (database.closed) client.end();
  };
  const held: Held = {
    get backendPid() {
      return backendPid;
    },
    release,
    cut() {
      client.resetAndDestroy();
      database.resetAndDestroy();
    },
    timeOut() {
      toServer = null;
      ask("set statement_timeout = '20ms'", () =>
        ask("select pg_sleep(60)", (answer) => {
          const refusal = answer.filter(({ type }) => type === "E" || type === "Z");
          const isInTransaction = answer.at(-1)?.bytes.toString("latin1", 5) === "E";
          // A rollback undoes the setting by itself.
          if (isInTransaction) write(client, refusal);
          else ask("reset statement_timeout", () => write(client, refusal));
        }),
      );
    },
  };

  /** Asks the server something of the gate's own. */
  function ask(sql: string, then: (answer: Message[]) => void): void {
    const answer: Message[] = [];
    divert = (message) => {
      answer.push(message);
      if (message.type !== "Z") return;
      divert = null;
      then(answer);
    };
    database.write(toQuery(sql));
  }

  function isReached(sql: string): boolean {
    const waiting = getWaiting();
    if (!waiting) return false;
    if (waiting !== place) {
      place = waiting;
      sent = 0;
    }
    if (waiting.statements[sent]?.test(sql)) sent += 1;
    return sent === waiting.statements.length;
  }

  client.on("data", (chunk: Buffer) => {
    for (const message of splitFrontend(chunk)) {
      const sql = toSql(message);
      if (sql !== null) onStatement(sql);
      if (sql !== null && !toServer && !toClient && isReached(sql) && place) {
        takeWaiting();
        if (place.moment === "before") toServer = [];
        else toClient = [];
      }
      if (!toServer) write(database, [message]);
      else {
        toServer.push(message);
        // All that belongs to the statement is here.
        if (message.type === "Q" || message.type === "S") place?.reach(held);
      }
    }
  });

  database.on("data", (chunk: Buffer) => {
    for (const message of splitBackend(chunk)) {
      backendPid = toBackendPid(message) ?? backendPid;
      if (divert) divert(message);
      else if (toClient) {
        toClient.push(message);
        if (message.type === "Z") place?.reach(held);
      } else write(client, [message]);
    }
  });

  client.on("close", () => database.destroy());
  // What the server said last is passed on first.
  database.on("close", () => {
    if (!toClient) client.end();
  });
}
