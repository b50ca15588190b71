import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { init } from "../../cli/init";
import { addStart } from "../../cli/init/entry";
import { listEngineFiles, listPackages, listRoutes, toRoutePath } from "../../cli/init/own-files";

// What init says of apps that can't take the rollup as they are, and what it leaves alone. That an app which follows
// docs/adopt.md counts exactly is shown in tests/adopt.

let folder: string;
let lines: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "init-"));
  for (const name of ["both", "react-router"]) cpSync(join("tests/adopt/hosts", name), folder, { recursive: true });
  lines = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]): Promise<number> {
  return init(["--app", folder, ...args], (line) => lines.push(line));
}

function change(path: string, from: string | RegExp, to: string): void {
  const text = readFileSync(join(folder, path), "utf8");
  const changed = text.replaceAll(from, to);
  expect(changed).not.toBe(text);
  writeFileSync(join(folder, path), changed);
}

const schema = "prisma/schema.prisma";

const refusals: { name: string; make: () => void; says: string }[] = [
  {
    name: "no framework",
    make: () => change("package.json", /"react-router": "[^"]*"/g, '"left-pad": "1.0.0"'),
    says: "names neither @remix-run/node nor react-router 7",
  },
  {
    name: "React Router 6",
    make: () => change("package.json", /("react-router": ")[^"]*/g, "$1^6.30.0"),
    says: "react-router 7",
  },
  { name: "SQLite", make: () => change(schema, '"postgresql"', '"sqlite"'), says: 'is "sqlite"' },
  {
    name: "an old Prisma",
    make: () => change("package.json", /("@prisma\/client": ")[^"]*/g, "$1^5.22.0"),
    says: "the rollup needs 6.16 or later",
  },
  {
    name: "another zod",
    make: () => change("package.json", '"isbot"', '"zod": "^3.25.0",\n    "isbot"'),
    says: "zod is ^3.25.0, and the rollup needs ^4",
  },
  {
    name: "no testimonials",
    make: () => change(schema, /\bReview\b|(?<=")reviews/g, "Poem"),
    says: "No model is named like testimonials",
  },
  {
    name: "instants of both types",
    make: () => change(schema, '@map("sent_at")', '@map("sent_at") @db.Timestamptz(3)'),
    says: "review_requests.sent_at; these have none: ",
  },
  {
    name: "names in other cases",
    make: () => {
      change(schema, ' @map("sent_at")', "");
      change(schema, '\n  @@map("reviews")', "");
    },
    says: 'alter table "review_requests" rename column "sentAt" to sent_at;\nalter table "Review" rename to reviews;',
  },
  {
    name: "rows of nobody",
    make: () => change(schema, /\n {2}shop(Id)? .*(?=\n[^}]*@@map\("reviews"\))/g, ""),
    says: "The model Review has no column that says whose a row is",
  },
];

test.for(refusals)("an app with $name is told so, and nothing is written", async ({ make, says }) => {
  make();
  const before = readdirSync(folder, { recursive: true }).sort();
  await expect(run()).rejects.toThrow(says);
  expect(readdirSync(folder, { recursive: true }).sort()).toEqual(before);
});

test("a dry run names all files and writes none", async () => {
  const before = readdirSync(folder, { recursive: true }).sort();
  await run("--dry-run");
  expect(lines.join("\n")).toMatch(
    /new +app\/testimonial-rollup.ts.*changed +package.json.*changed +app\/entry.server.tsx/s,
  );
  expect(readdirSync(folder, { recursive: true }).sort()).toEqual(before);
});

test("a file of the developer's own is overwritten by its name alone, and the definition by nothing else", async () => {
  const [path, definition] = ["app/rollup.server.ts", "app/testimonial-rollup.ts"];
  writeFileSync(join(folder, path), "// mine\n");
  await run();
  expect(lines.join("\n")).toContain(`kept     ${path}`);
  change(definition, "requests_sent", "sent_requests");
  await run("--force", path);
  expect(readFileSync(join(folder, path), "utf8")).toContain("createRollup(definition, host)");
  expect(readFileSync(join(folder, definition), "utf8")).toContain("sent_requests");
});

test("a second time changes nothing, of either step, and a changed file is kept and said", async () => {
  await run();
  await run("--migration", "daily_analytics");
  const path = "app/routes/healthz.ts";
  change(path, /$/g, "// Ours.\n");
  const before = readTexts();
  lines = [];
  await run();
  await run("--migration", "again");
  expect(lines.filter((line) => /^(new|renewed|changed|removed) /.test(line))).toEqual([]);
  expect(lines.join("\n")).toContain(`kept     ${path}`);
  expect(lines.join("\n")).toContain("No migration is to be written");
  expect(readTexts()).toEqual(before);
});

test("the client comes from where the app's generator puts it", async () => {
  change(schema, '"prisma-client-js"', '"prisma-client"\n  output = "../app/generated/prisma"');
  await run();
  const server = readFileSync(join(folder, "app/rollup.server.ts"), "utf8");
  expect(server).toContain('import { PrismaClient } from "./generated/prisma/client";');
});

test("routes that are listed in a file are printed for it", async () => {
  writeFileSync(join(folder, "app/routes.ts"), "export default [];\n");
  await run();
  expect(lines.join("\n")).toContain('route("jobs/rebuild/:runId", "routes/jobs.rebuild_.$runId.ts")');
});

describe("what is taken of this project", () => {
  test("the engine's packages are its own, none of the app's or the framework's", () => {
    const packages = listPackages(listEngineFiles().map(({ text }) => text));
    expect(packages).toEqual(expect.arrayContaining(["date-fns", "node-cron", "p-limit", "zod"]));
    expect(packages.filter((name) => /^(@prisma|@remix-run|@shopify|react)/.test(name))).toEqual([]);
  });

  test("the routes are those that call the rollup's handlers alone", () => {
    const paths = listRoutes("remix").map(({ path }) => toRoutePath(path));
    expect(paths).toEqual(expect.arrayContaining(["/healthz", "/jobs/rollup", "/jobs/rebuild/:runId", "/jobs/seal"]));
    expect(paths).not.toContain("/jobs/privacy");
    expect(
      listRoutes("reactRouter")
        .map(({ text }) => text)
        .join(""),
    ).not.toContain("remix");
  });
});

test("the start goes below the imports, once", () => {
  const entry = 'import a from "a";\nimport {\n  b,\n} from "b"\n\nexport default a(b);\n';
  const added = addStart(entry);
  expect(added).toMatch(/from "b"\nimport \{ rollup \} from "\.\/rollup\.server";\n\n.*\nrollup\.start\(\);\n\nexport/);
  expect(addStart(added)).toBe(added);
});

function readTexts(): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [path, readFileSync(path, "utf8")]));
}
