import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { ask } from "../support/http";
import { makeEmbeddedFolder } from "../support/process-databases";
import { spawnServer, startServer } from "../support/server-process";
import { waitFor } from "../support/wait";

test("a second process on the folder is refused and told who holds it, and the first serves on", async () => {
  const dir = makeEmbeddedFolder();
  const holder = await startServer({ EMBEDDED_DATA_DIR: dir });
  const second = await spawnServer({ EMBEDDED_DATA_DIR: dir });

  expect(await second.exited).toBe(1);
  expect(second.stderr()).toContain(`is in use by process ${holder.pid} `);
  expect(second.stderr()).toContain("set DATABASE_URL to a PostgreSQL server");
  expect((await ask(`${holder.url}/healthz`)).status).toBe(200);
});

test("after kill -9 of the holder the next process opens at once", async () => {
  const dir = makeEmbeddedFolder();
  const holder = await startServer({ EMBEDDED_DATA_DIR: dir });
  expect(await holder.kill("SIGKILL")).toBe("SIGKILL");
  expect(existsSync(`${dir}.lock`)).toBe(true);

  const next = await startServer({ EMBEDDED_DATA_DIR: dir });
  expect((await ask(`${next.url}/healthz`)).status).toBe(200);
});

test("of processes that start at once on a killed holder's folder one serves and the others end", async () => {
  const dir = makeEmbeddedFolder();
  await (await startServer({ EMBEDDED_DATA_DIR: dir })).kill("SIGKILL");

  const rivals = await Promise.all([1, 2, 3].map(() => spawnServer({ EMBEDDED_DATA_DIR: dir })));
  const losers = await Promise.race([
    Promise.all(rivals.map((rival) => rival.exited)),
    Promise.any(
      [0, 1, 2].map((winner) =>
        Promise.all(rivals.filter((_, index) => index !== winner).map((rival) => rival.exited)),
      ),
    ),
  ]);
  expect(losers).toEqual([1, 1]);
  await waitFor("the winner to serve", async () => {
    return rivals.filter((rival) => rival.output().includes("the server is up")).length === 1;
  });
});
