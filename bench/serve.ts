import type { PrismaClient } from "@prisma/client";
import type { ServerBuild } from "@remix-run/node";
import type { serve } from "~/http/serve.server";

// The built server as it is, with one route more. With BENCH_STUB=1 its pages get their numbers from memory: what a page
// costs without them.

type Build = ServerBuild & { entry: { module: { serve: typeof serve; db: PrismaClient } } };

const build = (await import(new URL("../build/server/index.js", import.meta.url).href)) as Build;
const { db, serve: serveBuild } = build.entry.module;
if (process.env.BENCH_STUB === "1") stubNumbers(db);
await serveBuild(build, {
  mount: (app) => {
    app.get("/bench/constant", (_request, response) => {
      response.json({ totals: { requestsSent: 1 } });
    });
  },
});

/** Keeps the first answer of each statement that reads a page's numbers, and gives it from then on. */
function stubNumbers(client: PrismaClient): void {
  const ask = client.$queryRawUnsafe.bind(client);
  const kept = new Map<string, Promise<unknown>>();
  function answer(sql: string, ...values: unknown[]): Promise<unknown> {
    if (!sql.includes("as extras")) return ask(sql, ...values);
    const key = JSON.stringify([sql, values]);
    const first = kept.get(key) ?? ask(sql, ...values);
    kept.set(key, first);
    return first;
  }
  Object.defineProperty(client, "$queryRawUnsafe", { value: answer });
}
