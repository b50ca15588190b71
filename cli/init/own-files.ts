import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

// What is taken of this project as it stands, so that it stays right when the project changes.

/** How the two frameworks of Shopify's templates differ for the rollup's routes. */
export const frameworks = {
  remix: { title: "Remix", package: "@remix-run/node" },
  reactRouter: { title: "React Router", package: "react-router" },
} as const;

export type FrameworkName = keyof typeof frameworks;

const project = fileURLToPath(new URL("../..", import.meta.url));
export const engineFolder = "app/services/rollup";

/** A file of the app that takes the rollup, by its path there. */
export type AppFile = { path: string; text: string };

export function readOwn(path: string): string {
  return readFileSync(join(project, path), "utf8");
}

/** The engine, as it is here. */
export function listEngineFiles(): AppFile[] {
  return readdirSync(join(project, engineFolder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name).slice(project.length))
    .sort()
    .map((path) => ({ path, text: readOwn(path) }));
}

/** Names of the packages that source texts import. */
export function listPackages(texts: string[]): string[] {
  const specifiers = texts.flatMap((text) =>
    [...text.matchAll(/(?:\bfrom |\bimport |\bimport\()"([\w@~./:-]+)"/g)].map(([, specifier = ""]) => specifier),
  );
  const packages = specifiers
    .filter((specifier) => !/^(\.|~\/|node:)/.test(specifier))
    .map((specifier) =>
      specifier
        .split("/")
        .slice(0, specifier.startsWith("@") ? 2 : 1)
        .join("/"),
    );
  return [...new Set(packages)].sort();
}

/**
 * The routes that do no more than call one of the rollup's handlers, for the other framework, too. Those that know the
 * app's sessions are the app's own.
 */
export function listRoutes(framework: FrameworkName): AppFile[] {
  const handlersModule = '"~/http/handlers.server"';
  return readdirSync(join(project, "app/routes"))
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => ({ path: `app/routes/${name}`, text: readOwn(`app/routes/${name}`) }))
    .filter(({ text }) => text.includes(handlersModule) && listPackages([text]).join() === "@remix-run/node")
    .filter(({ text }) => (text.match(/"~\//g) ?? []).length === 1)
    .map(({ path, text }) => ({
      path,
      text: text
        .replace(handlersModule, '"../rollup.server"')
        .replace('"@remix-run/node"', `"${frameworks[framework].package}"`),
    }));
}

/** The address of a route file, as both frameworks' file routes make it. */
export function toRoutePath(file: string): string {
  const name = file.replace(/^app\/routes\//, "").replace(/\.tsx?$/, "");
  const parts = name.split(".").map((part) => part.replace(/_$/, "").replace(/^\$/, ":"));
  return `/${parts.join("/")}`;
}

/** The version of a package that this project is tested with. */
export function findOwnVersion(name: string): string | undefined {
  const { dependencies } = JSON.parse(readOwn("package.json")) as { dependencies: Record<string, string> };
  return dependencies[name];
}
