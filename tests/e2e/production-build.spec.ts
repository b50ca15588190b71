import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { findFreePort } from "../setup/server";

// The build that this run has just made and served.
const built = ["build/server", "build/client"];

/** What can't be in a build without the demo being in it. */
const markers = ["Demo admin", "/admin/session-token", "/admin/simulate", "northwind-candles", "standInForShopify"];

function readFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, "utf8"));
}

test("nothing of the demo is in the production build", () => {
  const demo = readFiles("demo").join("\n");
  for (const folder of built) {
    const text = readFiles(folder).join("\n");
    expect(text.length, folder).toBeGreaterThan(10_000);
    for (const marker of markers) {
      expect(demo, "the marker is one").toContain(marker);
      expect(text.includes(marker), `${marker} in ${folder}`).toBe(false);
    }
  }
});

test("the app imports nothing of the demo", () => {
  for (const text of readFiles("app")) expect(text).not.toMatch(/from "[^"]*demo\//);
});

test("the production server has neither the admin nor its tokens", async () => {
  const folder = mkdtempSync(join(tmpdir(), "production-"));
  const port = await findFreePort();
  const settings = { NODE_ENV: "production", PORT: String(port), EMBEDDED_DATA_DIR: join(folder, "data") } as const;
  const server = spawn(process.execPath, ["server.js"], {
    env: { PATH: process.env.PATH, ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await waitUntilUp(server);
    for (const path of ["/admin", "/admin/session-token", "/admin/assets/admin.js", "/admin/open"]) {
      const response = await fetch(`http://localhost:${port}${path}`);
      expect(response.status, path).toBe(404);
      // An answer that nobody reads to its end keeps the server from ending.
      await response.text();
    }
  } finally {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
});

function waitUntilUp(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    server.stdout?.on("data", (chunk: Buffer) => {
      if (chunk.toString().includes("the server is up")) resolve();
    });
    server.once("exit", (code) => reject(new Error(`The server ended with ${code}.`)));
  });
}
