import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { ask } from "../support/http";
import { makeServerDatabase } from "../support/process-databases";
import { type ServerProcess, startServer } from "../support/server-process";

async function start(settings: Record<string, string>): Promise<ServerProcess> {
  const { url } = await makeServerDatabase();
  return startServer({ DATABASE_URL: url, ...settings });
}

function askHealth(server: ServerProcess, address: string): Promise<number> {
  return ask(`http://${address}:${server.port}/healthz`).then(({ status }) => status);
}

test("a connection is kept for longer than a balancer keeps it, or for as long as is set", async () => {
  const usual = await ask(`${(await start({})).url}/healthz`);
  const [, seconds] = /timeout=(\d+)/.exec(usual.headers.get("Keep-Alive") ?? "") ?? [];
  expect(Number(seconds)).toBeGreaterThan(90);

  const server = await start({ KEEP_ALIVE_TIMEOUT_MS: "1000" });
  const socket = connect(server.port, "127.0.0.1");
  socket.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  const [answer] = await once(socket, "data");
  expect(String(answer)).toContain("timeout=1\r\n");
  const answeredAt = performance.now();
  await once(socket, "close");
  expect(performance.now() - answeredAt).toBeGreaterThan(900);
  // By itself and not by the end of the server.
  expect(await askHealth(server, "127.0.0.1")).toBe(200);
});

test("it listens on every address, or on HOST alone", async () => {
  const everywhere = await start({});
  for (const address of ["127.0.0.1", "127.0.0.2"]) expect(await askHealth(everywhere, address)).toBe(200);
  const somewhere = await start({ HOST: "127.0.0.1" });
  expect(await askHealth(somewhere, "127.0.0.1")).toBe(200);
  await expect(askHealth(somewhere, "127.0.0.2")).rejects.toThrow("fetch failed");
});

test("a HOST that is the public URL, as the Shopify CLI sets it, keeps nobody out", async () => {
  const server = await start({ HOST: "https://some-tunnel.trycloudflare.com" });
  expect(await askHealth(server, "127.0.0.2")).toBe(200);
});
