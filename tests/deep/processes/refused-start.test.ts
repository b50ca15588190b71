import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { ask, postRollup } from "../../support/http";
import { makeRefusingPooler } from "../../support/pooler";
import { makeServerDatabase } from "../../support/process-databases";
import { spawnServer, startServer } from "../../support/server-process";
import { type CertificateName, makeTlsProxy, toCertificatePath } from "../../support/tls-proxy";

// What no waiting mends stops the start, and is told as what it is. A server that is away is waited for: see
// database-away.

function change(url: string, parts: Partial<Pick<URL, "username" | "password" | "pathname" | "search">>): string {
  return Object.assign(new URL(url), parts).href;
}

async function refuseStart(env: Record<string, string>): Promise<string> {
  const server = await spawnServer(env);
  expect(await server.exited).toBe(1);
  return server.output();
}

const wrongs: Record<string, { url: (url: string) => string; sentence: RegExp }> = {
  "a wrong password": {
    url: (url) => change(url, { password: "hush-hush" }),
    sentence: /password authentication failed for user "postgres" \(28P01\)\. Correct the user or the password\./,
  },
  "a role that is not there": {
    url: (url) => change(url, { username: `nobody-${randomUUID()}`, password: "hush-hush" }),
    sentence: /authentication failed for user "nobody-[^"]*" \(28P01\)\. Correct the user or the password\./,
  },
  "a database that is not there": {
    url: (url) => change(url, { pathname: "/no-such-database" }),
    sentence: /database "no-such-database" does not exist \(3D000\)\. Create the database, or correct its name\./,
  },
  "a server without encryption": {
    url: (url) => change(url, { search: "?sslmode=require" }),
    sentence: /No encrypted connection could be made: .*does not support SSL/,
  },
  "options that the server does not know": {
    url: (url) => change(url, { search: "?options=-c%20no_such_setting%3D1" }),
    sentence: /no_such_setting.* \(42704\)\. Correct the URL, or the server\./,
  },
};

test.for(Object.keys(wrongs) as (keyof typeof wrongs)[])("%s stops the start and is named", async (name) => {
  const wrong = wrongs[name];
  const { url } = await makeServerDatabase();
  const output = await refuseStart({ DATABASE_URL: wrong?.url(url) ?? "" });
  expect(output).toMatch(/^The database of DATABASE_URL refuses this app\. [^\n]* Then start again\.\n$/);
  expect(output).toMatch(wrong?.sentence ?? "");
  expect(output).not.toContain("hush-hush");
});

test("a replica with a wrong password stops the start, too", async () => {
  const { url } = await makeServerDatabase();
  const replicaUrl = change(url, { password: "hush-hush" });
  const output = await refuseStart({ DATABASE_URL: url, DATABASE_REPLICA_URL: replicaUrl });
  expect(output).toMatch(/^The database of DATABASE_REPLICA_URL refuses this app\. .*\(28P01\)/m);
});

const poolers = [
  {
    words: "unsupported startup parameter: options",
    sentence: "Let the pooler take it (PgBouncer: ignore_startup_parameters = options).",
  },
  { words: "SASL authentication failed", sentence: "Correct the URL, or what the pooler knows." },
];

test.for(poolers)("a pooler that says $words stops the start and is named", async ({ words, sentence }) => {
  const { url } = await makeServerDatabase();
  const output = await refuseStart({ DATABASE_URL: await makeRefusingPooler(url, words) });
  expect(output).toContain(`It says: ${words}. ${sentence}`);
});

test("a pooler that has lost its server is waited for", async () => {
  const { url } = await makeServerDatabase();
  const pooler = await makeRefusingPooler(url, "server login has been failing, try again later (server_login_retry)");
  const server = await startServer({ DATABASE_URL: pooler });
  expect(server.output()).toContain("the database does not answer; serving without it until it does");
  expect((await ask(`${server.url}/healthz`)).status).toBe(503);
});

const modes: { search: string; certificate: CertificateName; isTaken: boolean }[] = [
  { search: "sslmode=require", certificate: "elsewhere", isTaken: true },
  { search: "sslmode=verify-full", certificate: "server", isTaken: false },
  { search: `sslmode=verify-full&sslrootcert=${toCertificatePath("server")}`, certificate: "server", isTaken: true },
  {
    search: `sslmode=verify-full&sslrootcert=${toCertificatePath("elsewhere")}`,
    certificate: "elsewhere",
    isTaken: false,
  },
  {
    search: `sslmode=verify-ca&sslrootcert=${toCertificatePath("elsewhere")}`,
    certificate: "elsewhere",
    isTaken: true,
  },
  { search: `sslmode=require&sslrootcert=${toCertificatePath("server")}`, certificate: "elsewhere", isTaken: false },
];

test.for(modes)("with $search the certificate of $certificate is taken: $isTaken", async (mode) => {
  const { url } = await makeServerDatabase();
  const encrypted = `${await makeTlsProxy(url, mode.certificate)}?${mode.search}`;
  if (!mode.isTaken) {
    expect(await refuseStart({ DATABASE_URL: encrypted })).toContain("No encrypted connection could be made");
    return;
  }
  const server = await startServer({ DATABASE_URL: encrypted });
  expect((await ask(`${server.url}/healthz`)).status).toBe(200);
  expect((await postRollup(server)).status).toBe(200);
  // Each line is one of the log: the driver's warning about sslmode is none.
  for (const line of server.output().trim().split("\n")) expect(JSON.parse(line)).toHaveProperty("level");
});
