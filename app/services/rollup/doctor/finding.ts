/** What mends something: SQL to run on the database, or something that the operator's command line has a command for. */
export type Mend =
  | { sql: string }
  | { action: "run" | "verify" | "setup" | "migration" }
  | { action: "follow"; kind: "rebuild" | "seal"; runId: string };

/** What a look at one part of the installation found. A warning is no trouble of now; it may become one. */
export type Finding = { check: string; level: "ok" | "warning" | "problem"; text: string; mend: Mend[] };

export function ok(check: string, text: string): Finding {
  return { check, level: "ok", text, mend: [] };
}

export function warning(check: string, text: string, ...mend: Mend[]): Finding {
  return { check, level: "warning", text, mend };
}

export function problem(check: string, text: string, ...mend: Mend[]): Finding {
  return { check, level: "problem", text, mend };
}
