import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

// Where the app's files are, whatever folder it is started from: systemd and pm2 start it from another one.

const projectDir = findProject(dirname(fileURLToPath(import.meta.url)));

/** The nearest folder with server.js in it. This module is two levels below it in the build, and one in the source. */
function findProject(dir: string): string {
  if (existsSync(resolve(dir, "server.js"))) return dir;
  if (dirname(dir) === dir) throw new Error(`No folder above ${fileURLToPath(import.meta.url)} has a server.js.`);
  return findProject(dirname(dir));
}

/** An absolute path. A relative one counts from the project's folder. */
export function toProjectPath(path: string): string {
  return resolve(projectDir, path);
}
