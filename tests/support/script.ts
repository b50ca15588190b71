import { isServer, runSql } from "./writers";

/** Runs a script of several statements, as a migration is, where the app's own client takes one at a time. */
export async function runScript(script: string): Promise<void> {
  if (isServer) return runSql(`begin;\n${script}\ncommit;`);
  for (const statement of splitStatements(script)) await runSql(statement);
}

/** The statements of a script. Those in the body of a function or a block are one with it. */
function splitStatements(script: string): string[] {
  const statements: string[] = [];
  let own: string[] = [];
  let isInBody = false;
  for (const line of script.split("\n")) {
    own.push(line);
    if ((line.match(/\$\$/g)?.length ?? 0) % 2 === 1) isInBody = !isInBody;
    if (isInBody || !line.endsWith(";") || line.startsWith("--")) continue;
    statements.push(own.join("\n"));
    own = [];
  }
  return statements;
}
