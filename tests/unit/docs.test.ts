import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const documents = execFileSync("git", ["ls-files", "--", "*.md"], { encoding: "utf8" }).trim().split("\n");
const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };

/** The headings of a document as GitHub makes anchors of them. */
function listAnchors(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

test.for(documents)("each link in %s leads to a file and a heading that are there", (document) => {
  const text = readFileSync(document, "utf8");
  const links = [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)].map(
    ([, link, source]) => link ?? source ?? "",
  );
  const isLost = (link: string) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [path = "", anchor] = link.split("#");
    const file = path === "" ? document : join(dirname(document), decodeURIComponent(path));
    if (!existsSync(file)) return true;
    return anchor !== undefined && file.endsWith(".md") && !listAnchors(readFileSync(file, "utf8")).includes(anchor);
  };
  expect(links.filter(isLost)).toEqual([]);
});

test.for(documents)("each npm script that %s names is there", (document) => {
  const named = [...readFileSync(document, "utf8").matchAll(/\bnpm (?:run ([a-z][\w:-]*)|(start|test)\b)/g)];
  const names = named.map(([, script, own]) => script ?? own ?? "");
  expect(names.filter((name) => !(name in scripts))).toEqual([]);
});
