import { connect } from "node:net";
import { cron, operator } from "./call";
import { browser, signSessionToken } from "./session-token";
import { waitFor } from "./wait";

export type Answer = {
  status: number;
  headers: Headers;
  text: string;
  body: Record<string, never> & Record<string, unknown>;
};

/** Asks over the network. `body` is the answer's JSON, or empty where the answer is something else. */
export async function ask(url: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(url, { redirect: "manual", ...init });
  const text = await response.text();
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json") && text !== "";
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} };
}

/** How the rollup is, as an operator is told: of now, with ids and reasons. */
export function askHealth(server: { url: string }): Promise<Answer> {
  return ask(`${server.url}/healthz`, { headers: cron });
}

export function postRollup(server: { url: string }): Promise<Answer> {
  return ask(`${server.url}/jobs/rollup`, { method: "POST", headers: cron });
}

export function postRebuild(server: { url: string }, body: object): Promise<Answer> {
  return ask(`${server.url}/jobs/rebuild`, { method: "POST", headers: operator, body: JSON.stringify(body) });
}

export function postSeal(server: { url: string }, body: object): Promise<Answer> {
  return ask(`${server.url}/jobs/seal`, { method: "POST", headers: operator, body: JSON.stringify(body) });
}

export function getRebuild(server: { url: string }, runId: string): Promise<Answer> {
  return ask(`${server.url}/jobs/rebuild/${runId}`, { headers: operator });
}

/** Asks for a range sum as the merchant's browser would. */
export function getRangeSum(server: { url: string }, domain: string, query: string): Promise<Answer> {
  const headers = { Authorization: `Bearer ${signSessionToken(domain)}`, "User-Agent": browser };
  return ask(`${server.url}/app/range-sum?${query}`, { headers });
}

/** Waits until the answer is as wished. */
export function untilAnswer(
  what: string,
  get: () => Promise<Answer>,
  isWished: (answer: Answer) => boolean,
  deadlineMs?: number,
): Promise<Answer> {
  return waitFor(
    what,
    async () => {
      const answer = await get();
      return isWished(answer) ? answer : undefined;
    },
    deadlineMs,
  );
}

/** Sends bytes as they are, for requests that no client would make, and returns all that comes back. */
export function sendRaw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(answer));
  });
}
