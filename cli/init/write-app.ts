import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { toDefinitionText } from "./definition-text";
import { addStart } from "./entry";
import { type Outcome, type Written, writeChanged, writeFiles } from "./files";
import type { AppFolder } from "./host";
import { definitionPath, loadDefinitions } from "./migration-files";
import type { InitOptions } from "./options";
import {
  type AppFile,
  engineFolder,
  frameworks,
  listEngineFiles,
  listPackages,
  listRoutes,
  toRoutePath,
} from "./own-files";
import { addPackages, listMissing } from "./packages";
import { propose } from "./propose";
import { toClientModule, toRangeSumText, toServerText, toShopText } from "./server-text";
import { findTenants, type Tenants } from "./tenants";

type Options = Pick<InitOptions, "isDryRun" | "forced">;

/** The first step: all that does not need the definition to be right. */
export async function writeAppFiles(app: AppFolder, options: Options, write: (line: string) => void): Promise<void> {
  const { tenants, definition, guesses } = await findDefinition(app);
  const engine = listEngineFiles();
  const server = { path: "app/rollup.server.ts", text: toServerText(toClientModule(app.schema)) };
  const clientModule = toClientModule(app.schema);
  const packages = listPackages([...engine, server].map(({ text }) => text)).filter((name) => name !== clientModule);
  const missing = listMissing(packages, app.packageJson);
  const rangeSum = { path: "app/routes/app.range-sum.ts", text: toRangeSumText(app) };
  const shop = { path: "app/rollup-shop.server.ts", text: toShopText(tenants) };
  const routes = [...listRoutes(app.framework), rangeSum];
  const files = [...engine, ...(definition ? [definition] : []), server, shop, ...routes];

  write(`${frameworks[app.framework].title}, ${app.schema.path}${options.isDryRun ? "; nothing is written" : ""}`);
  const written = writeFiles(app.folder, files, options);
  for (const line of describeWritten(written)) write(line);
  const packageJson = { path: "package.json", text: addPackages(app.packageJson.text, missing) };
  if (writeChanged(app.folder, packageJson, options)) {
    const list = Object.entries(missing).map(([name, version]) => `${name}@${version}`);
    write(`changed  package.json: ${list.join(", ")}`);
  }
  const entry = app.entry && { path: app.entry, text: addStart(readFileSync(join(app.folder, app.entry), "utf8")) };
  if (entry && writeChanged(app.folder, entry, options)) write(`changed  ${entry.path}: rollup.start()`);
  for (const [index, step] of listSteps(app, routes, guesses).entries())
    write(`${index === 0 ? "\nNext:\n" : ""}${index + 1}. ${step}`);
}

/** The definition that is there, or one that the schema suggests. */
async function findDefinition(
  app: AppFolder,
): Promise<{ tenants: Tenants; definition: AppFile | null; guesses: string[] }> {
  if (existsSync(join(app.folder, definitionPath)) && existsSync(join(app.folder, engineFolder))) {
    const [first] = await loadDefinitions(app.folder);
    if (first) return { tenants: findTenants(app.schema, first.definition), definition: null, guesses: [] };
  }
  const proposal = propose(app.schema);
  const definition = { path: definitionPath, text: toDefinitionText(proposal) };
  return { tenants: proposal.tenants, definition, guesses: proposal.guesses };
}

const words: Record<Outcome, string> = {
  new: "new      ",
  renewed: "renewed  ",
  same: "same     ",
  kept: "kept     ",
  removed: "removed  ",
};

/** One line a file, but one for all of the engine's that went the same way. */
function describeWritten(written: Written): string[] {
  const isEngine = ({ path }: { path: string }) => path.startsWith(`${engineFolder}/`);
  const ofEngine = (Object.keys(words) as Outcome[]).flatMap((outcome) => {
    const some = written.filter((one) => isEngine(one) && one.outcome === outcome);
    if (some.length === 0) return [];
    const names = outcome === "kept" || outcome === "removed" ? `: ${some.map(({ path }) => path).join(", ")}` : "";
    return [`${words[outcome]}${engineFolder}, ${some.length} files${names}`];
  });
  const others = written
    .filter((one) => !isEngine(one))
    .map(({ path, outcome }) =>
      outcome === "kept"
        ? `${words.kept}${path}: it is not as init wrote it; --force ${path} takes init's`
        : `${words[outcome]}${path}`,
    );
  return [...ofEngine, ...others];
}

function listSteps(app: AppFolder, routes: AppFile[], guesses: string[]): string[] {
  const guessed = guesses.length > 0 ? ` The schema does not say which values these have: ${guesses.join(", ")}.` : "";
  return [
    `Read ${definitionPath}: what is counted, by your tables' and columns' names.${guessed}`,
    `npm run rollup -- init --app ${app.folder} --migration daily_analytics`,
    `In your app: ${app.installCommand}`,
    ...(app.entry
      ? []
      : ["There is no app/entry.server: call rollup.start(), of app/rollup.server.ts, once when your server starts."]),
    ...(app.hasFileRoutes
      ? []
      : [
          `Your app/routes.ts lists its routes. Add these: ${routes
            .map(({ path }) => `route("${toRoutePath(path).slice(1)}", "${path.slice("app/".length)}")`)
            .join(", ")}`,
        ]),
    "Set CRON_SECRET and ADMIN_TOKEN, of 16 characters or more. docs/adopt.md goes on from here.",
  ];
}
