import { existsSync } from "node:fs";
import { writeAddresses } from "./addresses";
import { type DemoEnvironment, deleteDemoData, demoDataDir, prepareEnvironment, requireFreePort } from "./environment";
import { tellHistory } from "./opening";
import type { Build, Site } from "./site";
import { tellFirstRuns, tellLateChanges } from "./story";
import { writeHeading, writeText } from "./terminal";

const buildFile = new URL("../build/server/index.js", import.meta.url);

async function runDemo(environment: DemoEnvironment): Promise<void> {
  if (!existsSync(buildFile)) throw new Error("There is no build yet. Run: npm run build");
  // In this order, a second demo is told of the first, and not of its port.
  deleteDemoData();
  await requireFreePort(environment.port);

  writeHeading("Daily analytics of testimonials: the production build on an embedded database");
  writeText(`Everything lies in ${demoDataDir} and is made anew at each start.`);
  if (environment.ignoredDatabaseUrl) writeText("DATABASE_URL is set, but the demo leaves that database alone.");
  const site = await startSite(environment);
  const now = new Date();
  await tellHistory(site, now);
  await tellFirstRuns(site, now);
  await tellLateChanges(site, now);
  writeAddresses(site, now);
}

async function startSite(environment: DemoEnvironment): Promise<Site> {
  const build = (await import(buildFile.href)) as Build;
  const { db, serve } = build.entry.module;
  await serve(build, { port: environment.port });
  // The server ends itself on a signal. A story that is cut off by it meets a closed server: no error to report.
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      isStopped = true;
    });
  }
  return { ...environment, origin: `http://localhost:${environment.port}`, db };
}

let isStopped = false;

try {
  await runDemo(prepareEnvironment());
} catch (error) {
  if (!isStopped) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
