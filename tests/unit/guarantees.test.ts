import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const lines = readFileSync("docs/guarantees.md", "utf8").split("\n");

type Named = { file: string; title?: string };

/** The files of the tests that the line links to, and its titles in quotes, each with the file linked before it. */
function listNamed(line: string): Named[] {
  let file = "";
  return [...line.matchAll(/\]\(\.\.\/(tests\/[^)]+)\)|"([^"]+)"/g)].flatMap(([, link, title]) => {
    file = link ?? file;
    return file ? [{ file, title }] : [];
  });
}

test("each test that docs/guarantees.md names is there", () => {
  const named = lines.flatMap(listNamed);
  expect(named.filter(({ title }) => title).length).toBeGreaterThan(100);
  const isLost = ({ file, title }: Named) =>
    !existsSync(file) || (title !== undefined && !readFileSync(file, "utf8").includes(`"${title}"`));
  expect(named.filter(isLost)).toEqual([]);
});

test("each promise in docs/guarantees.md names a test", () => {
  const promises = lines.slice(0, lines.indexOf("## What this work found")).filter((line) => /^\| .+?\. \|/.test(line));
  expect(promises.length).toBeGreaterThan(100);
  const isBare = (line: string) => !listNamed(line).some(({ title }) => title);
  expect(promises.filter(isBare)).toEqual([]);
});
