import { execSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse as parseToml } from "smol-toml";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import packageJson from "../../package.json";

// What docs/deploy and the files beside it call, set and start is there.

const folders = ["deploy/kubernetes", "deploy/github", "deploy/systemd", "deploy/nginx", "deploy/caddy", "docs/deploy"];
const files = [
  ...folders.flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`)),
  ...["Dockerfile", "compose.yaml", "render.yaml", "Procfile", "deploy/fly.toml", "docs/deploy.md"],
];
const texts = files.map((file) => ({ file, text: readFileSync(file, "utf8") }));
const yamlFiles = files.filter((file) => /\.ya?ml$/.test(file));

/** Each match of the first group in all files, with its file. */
function listMatches(pattern: RegExp): { file: string; match: string }[] {
  return texts.flatMap(({ file, text }) => [...text.matchAll(pattern)].map(([, match = ""]) => ({ file, match })));
}

function readYaml(file: string) {
  return parseAllDocuments(readFileSync(file, "utf8"), { merge: true });
}

test.for(yamlFiles)("%s is YAML without a doubled key or an unknown anchor", (file) => {
  for (const document of readYaml(file)) expect([...document.errors, ...document.warnings]).toEqual([]);
});

test("npm ci ends well with the manifests alone, as an image installs its packages", () => {
  const cwd = mkdtempSync(join(tmpdir(), "rollup-manifests-"));
  expect(execSync(packageJson.scripts.postinstall, { cwd, encoding: "utf8" })).toBe("");
  rmSync(cwd, { recursive: true });
});

test("each npm script that is named is there", () => {
  const runs = listMatches(/npm run ([a-z][\w:-]*)/g);
  expect(runs.length).toBeGreaterThan(10);
  expect(runs.filter(({ match }) => !(match in packageJson.scripts))).toEqual([]);
});

test("each address of the app that is named has a route", () => {
  const routes = readdirSync("app/routes").map((name) => `/${name.replace(/\.tsx?$/, "").replaceAll(".", "/")}`);
  const named = listMatches(/(?<![\w.~-])(\/(?:jobs|healthz|livez|app|webhooks)(?:\/[\w/]+)?)(?![\w/.-])/g);
  expect(named.length).toBeGreaterThan(20);
  const isRoute = (path: string) =>
    ["/jobs", "/webhooks"].includes(path) || routes.some((route) => route.replace("/_index", "") === path);
  // Where /app is a folder.
  const addresses = named.filter(({ file }) => file !== "Dockerfile");
  expect(addresses.filter(({ match }) => !isRoute(match))).toEqual([]);
});

test("each file of the project that is named is there", () => {
  const named = listMatches(/(?<![\w/.(])((?:deploy|docs|prisma|app|cli|tests)\/[\w./@-]+\.\w+)/g);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter(({ match }) => !existsSync(match))).toEqual([]);
  for (const { file, text } of texts.filter(({ file }) => file.endsWith(".md"))) {
    for (const [, link = ""] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      expect(existsSync(new URL(link, new URL(file, `file://${process.cwd()}/`))), `${file}: ${link}`).toBe(true);
    }
  }
});

test("each variable that is set is one of the app's, or of the tool that it is set for", () => {
  const known = readFileSync("app/env.server.ts", "utf8");
  const others = /^(NODE_OPTIONS|APP_URL|APP_PORT|POSTGRES_\w+|CALL_\w+|CHECKPOINT_DISABLE|HOME|JOBS)$/;
  const named = listMatches(/(?:key: |name: |^ +|^|Environment=)([A-Z][A-Z_]{3,})(?:: |=|,|$|\s*\})/gm);
  expect(named.length).toBeGreaterThan(30);
  const isKnown = ({ match }: { match: string }) => known.includes(`${match}:`) || others.test(match);
  expect(named.filter((one) => !/\.(md|conf)$/.test(one.file) && !isKnown(one))).toEqual([]);
});

test("no probe asks the health check, which no restart mends", () => {
  const probes = listMatches(/(?:path|healthCheckPath)(?::| =) "?(\/\w+)/g);
  expect(probes.length).toBeGreaterThan(4);
  expect(probes.filter(({ match }) => match !== "/livez" && match !== "/tmp")).toEqual([]);
});

test("every container of Kubernetes' runs as nobody in particular, with nothing to write", () => {
  const documents = readdirSync("deploy/kubernetes").flatMap((name) => readYaml(`deploy/kubernetes/${name}`));
  const pods = documents.map((document) => findPod(document.toJS())).filter((pod) => pod !== undefined);
  expect(pods).toHaveLength(5);
  for (const pod of pods) {
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
        },
      ],
    });
  }
});

type Node = { spec?: Node; jobTemplate?: Node; template?: Node; containers?: unknown };

function findPod(node: Node | undefined): Node | undefined {
  if (node === undefined || node.containers) return node;
  return findPod(node.spec ?? node.jobTemplate ?? node.template);
}

test("every process is given longer to end than it takes", () => {
  const limits = [
    ...listMatches(/(?:TimeoutStopSec=|terminationGracePeriodSeconds: |maxShutdownDelaySeconds: )(\d+)/g),
    ...listMatches(/(?:stop_grace_period: |kill_timeout = ")(\d+)s/g),
  ];
  expect(limits.map(({ match }) => Number(match)).filter((seconds) => seconds > 10)).toHaveLength(5);
});

test("Fly's file begins the server that the image holds, after its migrations", () => {
  expect(parseToml(readFileSync("deploy/fly.toml", "utf8"))).toMatchObject({
    deploy: { release_command: "npm run setup" },
    http_service: { internal_port: 3000, auto_stop_machines: "off" },
    env: { PORT: "3000" },
  });
});
