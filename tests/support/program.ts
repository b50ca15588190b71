import { vi } from "vitest";
import { runProgram } from "../../cli/program/program";

/** Runs a command of the command line in this process. `body` is the one JSON document that it prints with --json. */
export async function command(...args: string[]) {
  const out = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const err = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  try {
    const code = await runProgram(args);
    const [stdout, stderr] = [out, err].map((stream) => stream.mock.calls.map(([text]) => String(text)).join(""));
    return { code, stdout, stderr, body: args.includes("--json") ? JSON.parse(stdout ?? "") : null };
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}
