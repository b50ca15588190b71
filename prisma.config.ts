import { defineConfig } from "prisma/config";
import { openSchemaEngineAdapter } from "./prisma/schema-engine-adapter";

const databaseUrl = process.env.DATABASE_URL;

// The CLI reads the schema first and, with env("DATABASE_URL") unset, falls back to downloading a native engine.
process.env.DATABASE_URL ||= "postgresql://embedded";

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  experimental: { adapter: true },
  engine: "js",
  adapter: () => openSchemaEngineAdapter(databaseUrl),
});
