import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

// Each test file has an embedded database of its own.
const folder = mkdtempSync(join(tmpdir(), "rollup-tests-"));
process.env.EMBEDDED_DATA_DIR = join(folder, "pglite");

afterAll(async () => {
  const { closeDatabase } = await import("~/db.server");
  await closeDatabase();
  rmSync(folder, { recursive: true, force: true });
});
