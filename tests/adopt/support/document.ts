import { readFileSync } from "node:fs";

// A page of docs/ as something to follow: its commands in order, and the files that it has somebody write.

type CommandStep = { kind: "command"; heading: string; place: "project" | "app" | "any"; command: string };
type FileStep = { kind: "file"; heading: string; path: string; text: string };
export type DocumentStep = CommandStep | FileStep;

export type GuideDocument = {
  steps: DocumentStep[];
  /** Rows of its tables. */
  rows: string[][];
};

/** Reads the fenced blocks: of shell commands, which say in their first line where, and of files, which begin with their path. */
export function readDocument(path: string): GuideDocument {
  const text = readFileSync(path, "utf8");
  const steps: DocumentStep[] = [];
  let heading = "";
  for (const [, title, language, body = ""] of text.matchAll(/^#+ ([^\n]+)$|^```(\w+)\n(.*?)^```$/gms)) {
    if (title !== undefined) heading = title;
    else if (language === "sh") steps.push(...toCommands(heading, body));
    else {
      const [first = "", ...lines] = body.split("\n");
      const file = /^\/\/ (\S+\.tsx?)$/.exec(first)?.[1];
      if (file === undefined) throw new Error(`A block of ${path} under "${heading}" does not say which file it is.`);
      steps.push({ kind: "file", heading, path: file, text: lines.join("\n") });
    }
  }
  const rows = [...text.matchAll(/^\| (.+) \|$/gm)].map(([, row = ""]) => row.split(" | ").map((cell) => cell.trim()));
  return { steps, rows };
}

function toCommands(heading: string, body: string): CommandStep[] {
  const place = /^# in (?:this )?(project|your app)$/m.exec(body)?.[1];
  return body
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((command) => ({
      kind: "command",
      heading,
      place: place === undefined ? "any" : place === "project" ? "project" : "app",
      command,
    }));
}
