import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

// Serves the build (npm run build) on PORT, from whatever folder it is started.

process.env.NODE_ENV ??= "production";

const buildFile = new URL("./build/server/index.js", import.meta.url);

try {
  if (!existsSync(buildFile))
    throw new Error(`There is no ${fileURLToPath(buildFile)} yet. Run: npm ci && npm run build`);
  const build = await import(buildFile.href);
  await build.entry.module.serve(build);
} catch (error) {
  const sentence = error instanceof Error ? error.message : String(error);
  const isUninstalled = error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
  process.stderr.write(`${sentence}${isUninstalled ? ". Run: npm ci" : ""}\n`);
  process.exit(1);
}
