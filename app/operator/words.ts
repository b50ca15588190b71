import type { RunKind, RunStatus, RunTrigger } from "~/services/rollup/jobs/ledger.server";

export type Tone = "good" | "bad" | "warning" | "busy" | "plain";

/** What the page calls the kinds of runs, in the order of its lists. */
export const kindWords: Record<RunKind, string> = {
  rollup: "Run",
  verify: "Verification",
  rebuild: "Rebuild",
  seal: "Seal",
};

/** What the page calls the states of runs, and how it shows them. Each has words: no state is told by its colour alone. */
export const statusWords: Record<RunStatus, { text: string; tone: Tone }> = {
  running: { text: "Running", tone: "busy" },
  ok: { text: "Done", tone: "good" },
  partial: { text: "Some shops failed", tone: "warning" },
  failed: { text: "Failed", tone: "bad" },
  cancelled: { text: "Cancelled", tone: "plain" },
};

export const triggerWords: Record<RunTrigger, string> = {
  cron: "Cron, by HTTP",
  schedule: "Schedule in the process",
  operator: "Operator",
};
