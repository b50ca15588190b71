import { pathToFileURL } from "node:url";
import { defineConfig } from "prisma/config";

// An app that migrates by Prisma's own engine needs no such file. This one does it without that engine's binary.
export default defineConfig({
  schema: "prisma/schema.prisma",
  experimental: { adapter: true },
  engine: "js",
  async adapter() {
    const { openSchemaEngineAdapter } = await import(pathToFileURL(`${process.env.ENGINE_ADAPTER}`).href);
    return openSchemaEngineAdapter(process.env.DATABASE_URL);
  },
});
