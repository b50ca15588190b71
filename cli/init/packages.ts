import { type AppFolder, toMajor } from "./host";
import { findOwnVersion } from "./own-files";

/**
 * Versions of the packages that the app's package.json does not have yet, or has an older one of. The adapter's is the
 * client's.
 *
 * @throws Error where one of another major version is there, which the app's own code may rely on.
 */
export function listMissing(names: string[], { dependencies }: AppFolder["packageJson"]): Record<string, string> {
  const missing: Record<string, string> = {};
  const problems: string[] = [];
  for (const name of names) {
    const [there, wanted] = [
      dependencies[name],
      name === "@prisma/adapter-pg" ? dependencies["@prisma/client"] : findOwnVersion(name),
    ];
    if (!wanted) throw new Error(`The engine imports ${name}, which this project's package.json does not name.`);
    if (there === undefined || (toMajor(there) === toMajor(wanted) && isOlder(there, wanted))) missing[name] = wanted;
    else if (toMajor(there) < toMajor(wanted)) problems.push(`${name} is ${there}, and the rollup needs ${wanted}.`);
  }
  if (problems.length === 0) return missing;
  throw new Error(
    `Raise these packages in package.json first, and try your app with them:\n${problems.map((one) => `- ${one}`).join("\n")}`,
  );
}

/** package.json with these packages in its dependencies, in order, and all else as it was. */
export function addPackages(text: string, missing: Record<string, string>): string {
  if (Object.keys(missing).length === 0) return text;
  const json = JSON.parse(text) as { dependencies?: Record<string, string>; devDependencies?: Record<string, string> };
  const dependencies = { ...json.dependencies, ...missing };
  json.dependencies = Object.fromEntries(Object.entries(dependencies).sort(([a], [b]) => (a < b ? -1 : 1)));
  for (const name of Object.keys(missing)) delete json.devDependencies?.[name];
  const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? "  ";
  return `${JSON.stringify(json, null, indent)}\n`;
}

/** By the lowest version that a range allows. */
function isOlder(there: string, wanted: string): boolean {
  const [a, b] = [there, wanted].map((range) => (range.match(/\d+/g) ?? []).slice(0, 3).map(Number));
  for (const [place, number] of (b ?? []).entries()) {
    const own = a?.[place] ?? 0;
    if (own !== number) return own < number;
  }
  return false;
}
