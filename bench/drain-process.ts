import { loadApp } from "./app";

// Drains the change log of its database whenever it is told to, and answers with the rows written. Ends with its parent.

const app = await loadApp();
await app.db.$queryRawUnsafe("select 1");

process.on("message", async () => {
  const drained = await app.drainMarks(Number.POSITIVE_INFINITY);
  process.send?.(drained.rowsWritten);
});
process.once("disconnect", () => void app.close());
process.send?.("ready");
