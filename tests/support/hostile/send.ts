import { Agent, request as ask } from "node:http";
import { connect } from "node:net";
import type { Seen } from "./judge";
import { type HostileRequest, toTarget } from "./requests";

const answerTimeoutMs = 20_000;

/** Sends a request over one of a few connections that stay open, as a proxy would. */
export function openSender(port: number): { send: (request: HostileRequest) => Promise<Seen>; close: () => void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  return {
    close: () => agent.destroy(),
    send: (hostile) =>
      new Promise((resolve, reject) => {
        const { method, headers, body } = hostile;
        const options = { agent, port, host: "127.0.0.1", method, path: toTarget(hostile), timeout: answerTimeoutMs };
        const length: [string, string][] = body === null ? [] : [["Content-Length", `${Buffer.byteLength(body)}`]];
        const all = [["Host", `127.0.0.1:${port}`], ...headers, ...length].flat();
        const sent = ask({ ...options, headers: all as never }, (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () => {
            const text = Buffer.concat(chunks).toString("utf8");
            resolve({ status: response.statusCode ?? 0, headers: toHeaders(response.rawHeaders), text });
          });
        });
        sent.on("timeout", () => sent.destroy(new Error(`no answer within ${answerTimeoutMs} ms`)));
        sent.on("error", reject);
        sent.end(body ?? undefined);
      }),
  };
}

function toHeaders(raw: string[]): Headers {
  const headers = new Headers();
  for (let index = 0; index < raw.length; index += 2) headers.append(raw[index] ?? "", raw[index + 1] ?? "");
  return headers;
}

/** Sends bytes as they are and nothing after them. Returns all that comes back until the server closes. */
export function sendBytes(port: number, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.end(bytes));
    socket.setTimeout(answerTimeoutMs, () => socket.destroy(new Error(`no answer within ${answerTimeoutMs} ms`)));
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      // To cut the connection is an answer, too.
      if (error.code === "ECONNRESET" || error.code === "EPIPE") resolve(answer);
      else reject(error);
    });
    socket.on("close", () => resolve(answer));
  });
}
