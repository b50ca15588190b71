import { PrismaClient } from "@prisma/client";
import { expect, onTestFinished, test } from "vitest";
import { makeServerAdapter } from "~/database/server.server";
import { planOnce } from "~/services/rollup/plan-once";
import { makePooler } from "../support/pooler";

// The plan of a statement that asks for it is kept by a connection that is a session of its own, and by none else.

const url = process.env.DATABASE_URL ?? "";

function open(databaseUrl: string): PrismaClient {
  const client = new PrismaClient({ adapter: makeServerAdapter(databaseUrl, { name: "primary", poolSize: 1 }) });
  onTestFinished(() => client.$disconnect());
  return client;
}

async function listKept(client: PrismaClient): Promise<string[]> {
  const kept = await client.$queryRawUnsafe<{ statement: string }[]>("select statement from pg_prepared_statements");
  return kept.map(({ statement }) => statement);
}

test("a connection keeps the plans of the statements that ask for it, one for each text", async () => {
  const client = open(url);
  const texts = ["$1::int + 1", "$1::int + 2"].map((sum) => `${planOnce} select ${sum} as sum`);
  for (const value of [1, 2, 3]) {
    for (const [index, text] of texts.entries()) {
      expect(await client.$queryRawUnsafe(text, value)).toEqual([{ sum: value + index + 1 }]);
    }
    await client.$queryRawUnsafe("select $1::int as plain", value);
  }
  expect((await listKept(client)).sort()).toEqual(texts.sort());
});

test("a table that changes meanwhile is read as it is now", async () => {
  const client = open(url);
  await client.$executeRawUnsafe("create table kept (id int, name text)");
  await client.$executeRawUnsafe("insert into kept values (1, 'one')");
  const read = () => client.$queryRawUnsafe(`${planOnce} select k.name from kept k where k.id = $1::int`, 1);
  for (let time = 0; time < 8; time += 1) expect(await read()).toEqual([{ name: "one" }]);
  await client.$executeRawUnsafe("alter table kept add column more text default 'more', drop column id");
  await client.$executeRawUnsafe("alter table kept add column id int default 1");
  expect(await read()).toEqual([{ name: "one" }]);
});

test("through a pooler that gives each transaction another session none is kept, and all are answered", async () => {
  const client = open(await makePooler(url));
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, value) => client.$queryRawUnsafe(`${planOnce} select $1::int as value`, value)),
  );
  expect(answers).toEqual(Array.from({ length: 20 }, (_, value) => [{ value }]));
  expect(await listKept(client)).toEqual([]);
});
