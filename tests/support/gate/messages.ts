/** One message of PostgreSQL's protocol: its type letter ("" for the start-up message, which has none) and all its bytes. */
export type Message = { type: string; bytes: Buffer };

/**
 * Cuts a stream of PostgreSQL's protocol into messages: the frontend's, whose first has no type, or the backend's.
 * Returns the function that takes the next bytes and gives the messages that are complete by then.
 */
export function makeSplitter(side: "frontend" | "backend"): (chunk: Buffer) => Message[] {
  let rest: Buffer = Buffer.alloc(0);
  let isStarting = side === "frontend";
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    const messages: Message[] = [];
    while (true) {
      const head = isStarting ? 0 : 1;
      if (rest.length < head + 4) return messages;
      const length = head + rest.readInt32BE(head);
      if (rest.length < length) return messages;
      messages.push({ type: rest.toString("latin1", 0, head), bytes: rest.subarray(0, length) });
      rest = rest.subarray(length);
      isStarting = false;
    }
  };
}

/** The SQL of a simple query or of a statement that is parsed, in one line, or null for every other message. */
export function toSql({ type, bytes }: Message): string | null {
  if (type !== "Q" && type !== "P") return null;
  const start = type === "Q" ? 5 : bytes.indexOf(0, 5) + 1;
  return bytes.toString("utf8", start, bytes.indexOf(0, start)).replaceAll(/\s+/g, " ").trim();
}

/** A simple query. */
export function toQuery(sql: string): Buffer {
  const bytes = Buffer.from(`Q....${sql}\0`, "utf8");
  bytes.writeInt32BE(bytes.length - 1, 1);
  return bytes;
}

/** The process id that the server gives a connection when it begins, or null for every other message. */
export function toBackendPid({ type, bytes }: Message): number | null {
  return type === "K" ? bytes.readInt32BE(5) : null;
}
