import { Agent, get } from "node:http";

// Asks for one address over and over, on some connections that stay open, in a process of its own:
// load-generator.ts <url> <connections> <milliseconds> <status> [header name and value]…
// Prints the requests a second, and how long each took, as JSON.

const [url = "", connections = "1", ms = "1000", status = "200", ...headers] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: Number(connections) });
const tookMs: number[] = [];
const startedAt = performance.now();
const endsAt = startedAt + Number(ms);

function ask(): Promise<void> {
  return new Promise((resolve, reject) => {
    const askedAt = performance.now();
    const request = get(url, { agent, headers: toHeaders() }, (response) => {
      if (response.statusCode !== Number(status)) reject(new Error(`${url} answered ${response.statusCode}.`));
      response.resume();
      response.once("end", () => {
        tookMs.push(performance.now() - askedAt);
        resolve();
      });
    });
    request.once("error", reject);
  });
}

function toHeaders(): Record<string, string> {
  const pairs = headers.flatMap((name, index) => (index % 2 === 0 ? [[name, headers[index + 1] ?? ""]] : []));
  return Object.fromEntries(pairs);
}

async function keepAsking(): Promise<void> {
  while (performance.now() < endsAt) await ask();
}

await Promise.all(Array.from({ length: Number(connections) }, keepAsking));
const seconds = (performance.now() - startedAt) / 1_000;
process.stdout.write(JSON.stringify({ perSecond: tookMs.length / seconds, tookMs }));
agent.destroy();
