import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { AppFile, FrameworkName } from "./own-files";
import { type PrismaSchema, parsePrismaSchema } from "./prisma-schema";

/** All that is read of the app that takes the rollup. Paths of its files count from its folder. */
export type AppFolder = {
  folder: string;
  framework: FrameworkName;
  packageJson: { text: string; dependencies: Record<string, string> };
  /** What all files of the schema say, and the one that models are added to. */
  schema: PrismaSchema & { path: string; files: AppFile[] };
  migrations: string;
  entry: string | null;
  /** Whether files in app/routes are routes by their names. */
  hasFileRoutes: boolean;
  installCommand: string;
};

/** @throws Error with one line for each thing that keeps the app from taking the rollup. */
export function readAppFolder(folder: string): AppFolder {
  const read = (path: string) => (existsSync(join(folder, path)) ? readFileSync(join(folder, path), "utf8") : null);
  const packageText = read("package.json");
  if (packageText === null)
    throw new Error(`There is no package.json in ${folder}: --app must name your app's folder.`);
  const { dependencies, devDependencies, prisma } = JSON.parse(packageText) as Record<string, Record<string, string>>;
  const all = { ...devDependencies, ...dependencies };
  const framework = findFramework(all);
  const schema = readSchema(folder, prisma?.schema);
  const problems = [
    framework ? "" : "package.json names neither @remix-run/node nor react-router 7.",
    existsSync(join(folder, "app")) ? "" : "There is no folder app.",
    describePrisma(all["@prisma/client"]),
    schema ? describeSchema(schema) : "There is no prisma/schema.prisma.",
  ].filter(Boolean);
  if (problems.length > 0 || !framework || !schema) {
    throw new Error(
      `The app in ${folder} can't take the rollup as it is:\n${problems.map((one) => `- ${one}`).join("\n")}`,
    );
  }
  const routes = ["app/routes.ts", "app/routes.js"].map(read).find((text) => text !== null);
  return {
    folder,
    framework,
    packageJson: { text: packageText, dependencies: all },
    schema,
    // Beside the schema, or beside the folder of its files.
    migrations: join(dirname(schema.path).replace(/\/schema$/, ""), "migrations"),
    entry:
      ["tsx", "jsx", "ts"].map((ending) => `app/entry.server.${ending}`).find((path) => read(path) !== null) ?? null,
    hasFileRoutes: routes === undefined ? framework === "remix" : routes.includes("flatRoutes"),
    installCommand: findInstallCommand(folder),
  };
}

function findFramework(packages: Record<string, string>): FrameworkName | null {
  const router = packages["react-router"];
  if (router && toMajor(router) >= 7) return "reactRouter";
  return packages["@remix-run/node"] ? "remix" : null;
}

/** The schema is one file, or a folder of several. */
function readSchema(folder: string, configured: string | undefined): AppFolder["schema"] | null {
  const path = [configured, "prisma/schema.prisma", "prisma/schema"].find(
    (one) => one && existsSync(join(folder, one)),
  );
  if (!path) return null;
  const files = statSync(join(folder, path)).isDirectory()
    ? readdirSync(join(folder, path))
        .filter((name) => name.endsWith(".prisma"))
        .map((name) => join(path, name))
    : [path];
  const texts = files.map((file) => ({ path: file, text: readFileSync(join(folder, file), "utf8") }));
  const main = texts.find(({ text }) => /^\s*datasource /m.test(text)) ?? texts[0];
  if (!main) return null;
  return { ...parsePrismaSchema(texts.map(({ text }) => text).join("\n")), path: main.path, files: texts };
}

function describePrisma(version: string | undefined): string {
  if (!version) return "package.json does not name @prisma/client.";
  return toMajor(version) >= 6
    ? ""
    : `@prisma/client is ${version}; the rollup needs 6.16 or later, which connects by an adapter.`;
}

function describeSchema({ path, provider, generator }: AppFolder["schema"]): string {
  if (provider !== "postgresql") {
    return `The datasource in ${path} is "${provider}"; the rollup's triggers are PostgreSQL's: provider = "postgresql".`;
  }
  return generator ? "" : `No generator in ${path} makes a Prisma client.`;
}

/** The first number of a version or a range; of "latest" and the like one above all. */
export function toMajor(version: string): number {
  return Number(/\d+/.exec(version)?.[0] ?? Number.POSITIVE_INFINITY);
}

function findInstallCommand(folder: string): string {
  const managers = {
    "pnpm-lock.yaml": "pnpm install",
    "yarn.lock": "yarn install",
    "bun.lock": "bun install",
    "bun.lockb": "bun install",
  };
  for (const [file, command] of Object.entries(managers)) if (existsSync(join(folder, file))) return command;
  return "npm install";
}
