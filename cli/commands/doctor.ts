import { readFileSync } from "node:fs";
import { type Finding, type Mend, ok, problem } from "../../app/services/rollup/doctor/finding";
import { toErrorMessage } from "../../app/services/rollup/error.server";
import { keepLogOffStdout } from "../connection/local-app";
import { type ExitCode, exitCodes } from "../exit-codes";
import { makeTerminal, type Terminal } from "../terminal";

/** How a finding is mended, as one can copy it. */
type Step = { sql: string } | { command: string };

/** `doctor`: looks at everything, and says what mends what is wrong. */
export async function doctor({ json, allowHttp }: { json?: true; allowHttp?: true }): Promise<ExitCode> {
  const terminal = makeTerminal({ isJson: json === true });
  keepLogOffStdout();
  const findings = (await examine({ allowHttp })).map(({ mend, ...finding }) => ({
    ...finding,
    mend: mend.map(toStep),
  }));
  const isOk = findings.every(({ level }) => level !== "problem");
  terminal.print({ ok: isOk, findings }, () => findings.flatMap((finding) => toLines(finding, terminal.paint)));
  return isOk ? exitCodes.done : exitCodes.failed;
}

/** What needs the settings is not looked at while they are wrong. */
async function examine(options: { allowHttp: true | undefined }): Promise<Finding[]> {
  const { checkNode, checkSecrets, checkShopify } = await import("../doctor/process-checks");
  const { engines } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const node = checkNode(process.version, engines.node);
  try {
    await import("../../app/env.server");
  } catch (error) {
    const text = toErrorMessage(error).replace(/^The environment is wrong: /, "");
    return [node, problem("settings", `${text} Nothing else is looked at until then.`)];
  }
  const { checkDatabase } = await import("../doctor/database-checks");
  const { checkApp } = await import("../doctor/app-checks");
  return [
    node,
    ok("settings", "each is of a value that is allowed"),
    ...checkSecrets(process.env),
    ...checkShopify(process.env),
    ...(await checkDatabase()),
    ...(await checkApp(process.env, options)),
  ];
}

function toStep(mend: Mend): Step {
  if ("sql" in mend) return mend;
  switch (mend.action) {
    case "setup":
      return { command: "npm run setup" };
    case "migration":
      return { command: "npm run rollup -- migration <name>" };
    case "follow":
      return { command: `npm run rollup -- ${mend.kind} --follow ${mend.runId}` };
    default:
      return { command: `npm run rollup -- ${mend.action}` };
  }
}

const styles = { ok: "green", warning: "yellow", problem: "red" } as const;

function toLines(
  { check, level, text, mend }: Omit<Finding, "mend"> & { mend: Step[] },
  paint: Terminal["paint"],
): string[] {
  return [
    `${paint(styles[level], level.padEnd(8))} ${check}: ${text}`,
    ...mend.flatMap((step) =>
      "sql" in step
        ? ["         in SQL:", ...step.sql.split("\n").map((line) => `           ${line}`)]
        : [`         run: ${step.command}`],
    ),
  ];
}
