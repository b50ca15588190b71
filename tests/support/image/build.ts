import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { basename, join } from "node:path";
import { getInstruction, parseDockerfile, type Stage, toCommand, toVariables } from "./dockerfile";

/** What the Dockerfile makes, in a plain folder: the same files, run by this machine's Node. */
export type Image = {
  /** The folder that stands for the image's root. */
  root: string;
  /** The folder that commands are run in. */
  workdir: string;
  variables: Record<string, string>;
  user: { uid: number; gid: number };
  start: string[];
  healthcheck: string[];
};

/** Takes the steps of the project's Dockerfile, each stage in an empty folder. `remove` deletes what they made. */
export function buildImage(): Image & { remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "rollup-image-"));
  // mkdtemp makes folders that only their owner can enter.
  chmodSync(folder, 0o755);
  const context = join(folder, "context");
  copyContext(context);
  const stages = parseDockerfile(readFileSync("Dockerfile", "utf8"));
  const roots = new Map<string, string>();
  for (const stage of stages) {
    const root = join(folder, `stage-${stage.name}`);
    roots.set(stage.name, root);
    buildStage(stage, { root, context, roots });
  }
  const last = stages.at(-1);
  const root = last && roots.get(last.name);
  if (!last || !root) throw new Error("The Dockerfile has no stage.");
  const [uid, gid] = getInstruction(last, "USER").split(":").map(Number);
  return {
    root,
    workdir: join(root, getInstruction(last, "WORKDIR")),
    variables: placePaths(toVariables(last), root),
    user: { uid: uid ?? 0, gid: gid ?? 0 },
    start: toCommand(getInstruction(last, "CMD")),
    healthcheck: toCommand(getInstruction(last, "HEALTHCHECK")),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The files under version control that .dockerignore lets in. It names what comes in, and leaves out all else. */
function copyContext(context: string): void {
  const [first, ...rest] = readFileSync(".dockerignore", "utf8")
    .split("\n")
    .filter((line) => line && !line.startsWith("#"));
  if (first !== "*" || !rest.every((line) => /^![\w.-]+$/.test(line))) {
    throw new Error('.dockerignore must be "*" and then lines of "!" and a name: this copies no other.');
  }
  const names = rest.map((line) => line.slice(1));
  const files = execFileSync("git", ["ls-files", "-z", "--", ...names], { encoding: "utf8" }).split("\0");
  for (const file of files.filter(Boolean)) cpSync(file, join(context, file));
}

type Place = { root: string; context: string; roots: Map<string, string> };

function buildStage({ instructions, name: stageName }: Stage, { root, context, roots }: Place): void {
  let workdir = root;
  for (const { name, text } of instructions) {
    if (name === "WORKDIR") {
      workdir = join(root, text);
      mkdirSync(workdir, { recursive: true });
    } else if (name === "COPY") copy(text, { workdir, context, roots });
    else if (name === "RUN") runStep(text, { root, workdir });
    else if (!["ENV", "USER", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "CMD"].includes(name)) {
      throw new Error(`The stage ${stageName} has ${name}, which these steps don't know.`);
    }
  }
}

function copy(text: string, { workdir, context, roots }: Omit<Place, "root"> & { workdir: string }): void {
  const words = text.split(/\s+/);
  const from = words[0]?.startsWith("--from=") ? words.shift()?.slice("--from=".length) : undefined;
  const source = from === undefined ? context : roots.get(from);
  if (!source) throw new Error(`COPY takes from ${from}, which is no stage before it.`);
  const to = words.pop() ?? "";
  for (const word of words) {
    const isFolder = statSync(join(source, word)).isDirectory();
    // A folder's content is copied, and a file under its own name where the place ends in a slash.
    const place = join(workdir, to, !isFolder && to.endsWith("/") ? basename(word) : "");
    cpSync(join(source, word), place, { recursive: true, verbatimSymlinks: true });
  }
}

function runStep(text: string, { root, workdir }: { root: string; workdir: string }): void {
  // Only root can give a folder away; and to nobody else it needs to be given, where the image runs as whoever builds it.
  const own = userInfo().uid === 0 ? "" : "chown() { :; }; ";
  const { PATH, HOME } = process.env;
  const env: Record<string, string | undefined> = { PATH, HOME };
  const step = text.replace(/(?<=\s)\/data\b/g, join(root, "data"));
  try {
    execFileSync("sh", ["-ec", own + step], { cwd: workdir, env: env as NodeJS.ProcessEnv, stdio: "pipe" });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: Buffer; stderr: Buffer };
    throw new Error(`RUN ${text} failed: ${stdout}${stderr}`);
  }
}

/** Absolute paths of the image, as they are here. */
function placePaths(variables: Record<string, string>, root: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, value.replace(/^\/(?=data\b|tmp\b)/, `${root}/`)]),
  );
}
