import { loadApp, makeEnvironment, setEnvironment } from "./app";
import { type Bench, isWanted, loadMain, rest, type Theme } from "./bench";
import { everything } from "./everything";
import { fleet } from "./fleet";
import { growth } from "./growth";
import { http } from "./http";
import { adoption } from "./install";
import { late } from "./late";
import { parseOptions, toSizes } from "./options";
import { reads, whale } from "./reads";
import { recount } from "./recount";
import { type Line, toLine, toTable, writeResults } from "./report";
import { makeDatabase, openBenchServer } from "./server";
import { writes } from "./writes";

const themes: Theme[] = [recount, late, reads, everything, whale, http, growth, writes, fleet, adoption];

const write = (line: string) => process.stdout.write(`${line}\n`);
const startedAt = performance.now();

function progress(line: string): void {
  process.stderr.write(`${String(Math.round((performance.now() - startedAt) / 1_000)).padStart(4)} s  ${line}\n`);
}

const options = parseOptions(process.argv.slice(2));
const sizes = toSizes(options);
const wanted = themes.filter((theme) => theme.rows.some((row) => isWanted({ options }, row)));
const server = await openBenchServer();
const lines: Line[] = [];
try {
  const main = await makeDatabase(server, "rollup_bench");
  setEnvironment(makeEnvironment(main.url));
  const app = await loadApp();
  const bench: Bench = {
    ...{ options, sizes, server, main, sql: main.sql, app },
    report(finding) {
      const line = toLine(finding);
      lines.push(line);
      progress(`row ${line.row}: ${line.ratio} (${line.aim})`);
    },
  };
  if (wanted.some((theme) => theme.needsData)) {
    progress(`makes ${sizes.shops} shops with ${sizes.requests} requests`);
    await loadMain(bench);
  }
  for (const theme of wanted) {
    progress(`measures row ${theme.rows.join(", ")}`);
    try {
      if (theme.needsData) await rest(bench);
      await theme.measure(bench);
    } catch (error) {
      // What the other rows took minutes to find is worth printing all the same.
      process.exitCode = 1;
      progress(`row ${theme.rows.join(", ")} failed: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }
  const { rows } = await main.sql.query<{ version: string }>("select version()");
  await app.close();
  await main.drop();
  writeResults(lines, { options, sizes, server: rows[0]?.version ?? "" });
  write(`\n${toTable(lines)}\n`);
  progress(`done; the same as JSON in ${options.json}`);
} finally {
  await server.close();
}
