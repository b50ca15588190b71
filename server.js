// Serves the build (npm run build) on PORT.
export {};

process.env.NODE_ENV ??= "production";

try {
  const build = await import(new URL("./build/server/index.js", import.meta.url).href);
  await build.entry.module.serve(build);
} catch (error) {
  const isUnbuilt = error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
  const sentence = isUnbuilt ? "There is no build yet, or no node_modules. Run: npm ci && npm run build" : undefined;
  process.stderr.write(`${sentence ?? (error instanceof Error ? error.message : String(error))}\n`);
  process.exit(1);
}
