import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { ask } from "../support/http";
import { makeServerDatabase } from "../support/process-databases";
import { startServer } from "../support/server-process";
import { browser, signSessionToken } from "../support/session-token";

const domain = "acme-candles.myshopify.com";
const limitMs = 10_000;

/** Takes every connection, listens, and says nothing. */
async function listenSilently(): Promise<{ port: number; heard: () => string }> {
  const sockets: Socket[] = [];
  let heard = "";
  const silent = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      heard += chunk;
    });
  });
  await new Promise<void>((listening) => silent.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
  return { port: (silent.address() as AddressInfo).port, heard: () => heard };
}

/** What Node is to load first: it sends calls to the shop's address to a port of this machine. */
function redirectShop(port: number): string {
  const script = `
    const ask = globalThis.fetch;
    globalThis.fetch = (url, init) => ask(String(url).replace("https://${domain}", "http://127.0.0.1:${port}"), init);`;
  return `--import data:text/javascript,${encodeURIComponent(script)}`;
}

test("a Shopify that takes the connection and never answers costs a merchant ten seconds and a 503, and no one else", async () => {
  const { url, query } = await makeServerDatabase();
  const shopify = await listenSilently();
  const server = await startServer({ DATABASE_URL: url, NODE_OPTIONS: redirectShop(shopify.port) });
  const headers = { Authorization: `Bearer ${signSessionToken(domain)}`, "User-Agent": browser };
  const startedAt = performance.now();
  const asked = ask(`${server.url}/app/range-sum?from=2026-05-01&to=2026-05-31`, { headers });
  expect((await ask(`${server.url}/healthz`)).status).toBe(200);

  const answer = await asked;
  const tookMs = performance.now() - startedAt;
  expect(shopify.heard().match(/POST \/admin\/oauth\/access_token/g)).toHaveLength(1);
  expect(answer.status).toBe(503);
  expect(answer.headers.get("Retry-After")).toBe("10");
  expect(answer.body).toMatchObject({
    error: { message: expect.stringContaining("Shopify did not confirm who you are") },
  });
  expect(tookMs).toBeGreaterThan(limitMs - 500);
  expect(tookMs).toBeLessThan(limitMs + 5_000);
  expect(await query('select id from "Session"')).toEqual([]);
});
