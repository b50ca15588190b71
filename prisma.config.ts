import { defineConfig } from "prisma/config";
import { describeUrlProblem } from "./app/database/database-url";
import { openSchemaEngineAdapter } from "./prisma/schema-engine-adapter";

const databaseUrl = process.env.DATABASE_URL;
const problem = databaseUrl ? describeUrlProblem(databaseUrl) : null;

// The CLI reads the schema first and, with env("DATABASE_URL") unset, falls back to downloading a native engine. Of a URL
// that is wrong it would print parts.
if (!databaseUrl || problem) process.env.DATABASE_URL = "postgresql://embedded";

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
