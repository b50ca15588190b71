import { existsSync } from "node:fs";
import { writeAddresses } from "./addresses";
import { mountAdmin, type Readiness } from "./admin/mount";
import { standInForShopify } from "./admin/shopify";
import {
  type DemoEnvironment,
  deleteDemoData,
  demoDataDir,
  isQuick,
  prepareEnvironment,
  requireFreePort,
} from "./environment";
import { loadShops, tellHistory } from "./opening";
import { finishRun } from "./run";
import type { Build, Site } from "./site";
import { tellFirstRuns, tellLateChanges } from "./story";
import { writeHeading, writeText } from "./terminal";

const buildFile = new URL("../build/server/index.js", import.meta.url);

async function runDemo(environment: DemoEnvironment): Promise<void> {
  if (!existsSync(buildFile)) throw new Error("There is no build yet. Run: npm run build");
  // In this order, a second demo is told of the first, and not of its port.
  deleteDemoData();
  await requireFreePort(environment.port);

  const readiness: Readiness = { isReady: false };
  const site = await startSite(environment, readiness);
  const now = new Date();
  if (isQuick) await prepareQuickly(site, now);
  else await tellStory(site, now);
  // Before that, a change by the panel would be in the way of the story, which compares numbers.
  readiness.isReady = true;
  writeAddresses(site, now);
}

async function tellStory(site: Site, now: Date): Promise<void> {
  writeHeading("Daily analytics of testimonials: the production build on an embedded database");
  writeText(`Everything lies in ${demoDataDir} and is made anew at each start.`);
  if (site.ignoredDatabaseUrl) writeText("DATABASE_URL is set, but the demo leaves that database alone.");
  await tellHistory(site, now);
  await tellFirstRuns(site, now);
  await tellLateChanges(site, now);
}

async function prepareQuickly(site: Site, now: Date): Promise<void> {
  await loadShops(site, now);
  await finishRun(site);
}

async function startSite(environment: DemoEnvironment, readiness: Readiness): Promise<Site> {
  const build = (await import(buildFile.href)) as Build;
  const { db, serve } = build.entry.module;
  const site = { ...environment, origin: `http://localhost:${environment.port}`, db };
  standInForShopify(environment.scopes);
  await serve(build, { port: environment.port, mount: (app) => mountAdmin(app, site, readiness) });
  // The server ends itself on a signal. A story that is cut off by it meets a closed server: no error to report.
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      isStopped = true;
    });
  }
  return site;
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
