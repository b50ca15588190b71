import "./env-file.js";
import { fileURLToPath } from "node:url";
import { defineConfig } from "prisma/config";
import { describeUrlProblem } from "./app/database/database-url";
import { openSchemaEngineAdapter } from "./prisma/schema-engine-adapter";

const databaseUrl = process.env.DATABASE_URL;
const problem = databaseUrl ? describeUrlProblem(databaseUrl) : null;

// The CLI reads the schema first and, with env("DATABASE_URL") unset, falls back to downloading a native engine. Of a URL
// that is wrong it would print parts.
if (!databaseUrl || problem) process.env.DATABASE_URL = "postgresql://embedded";

// The client that is generated reads, at each import, the .env that the generator saw in its folder: tests and a server would
// have a developer's settings, unasked.
if (process.argv.includes("generate")) process.chdir(fileURLToPath(new URL("./prisma", import.meta.url)));

async function openAdapter() {
  if (!problem) return openSchemaEngineAdapter(databaseUrl);
  process.stderr.write(`DATABASE_URL ${problem}.\n`);
  process.exit(1);
}

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  experimental: { adapter: true },
  engine: "js",
  adapter: openAdapter,
});
