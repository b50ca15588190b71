import type { SerializeFrom } from "@remix-run/node";

/** Why something could not be shown or done, in the words of the routes under /jobs. */
export type Problem = {
  status: number;
  code: string;
  message: string;
  issues: { field: string; message: string }[];
};

/** What the loader of an operator's page answers. `now` is the server's clock. */
export type PageAnswer<Data> =
  | { state: "ready"; now: string; data: Data }
  | { state: "failed"; now: string; problem: Problem };

/** What a form's action answers where it leads to no other page. */
export type FormAnswer = { problem: Problem; entered: Record<string, string> };

/** What is wrong with a field, as a sentence, or null. */
export function findIssue(problem: Problem | undefined, field: string): string | null {
  const issue = problem?.issues.find((each) => each.field === field);
  return issue ? `${issue.message.charAt(0).toUpperCase()}${issue.message.slice(1)}.` : null;
}

/** The sweep that stands in the way of a new one, by the refusal's words, or null. */
export function findObstacle(problem: Problem | undefined): { kind: "rebuild" | "seal"; runId: string } | null {
  if (problem?.code !== "overlap") return null;
  const [, kind, runId] = /^overlaps the running (rebuild|seal) (\S+)$/.exec(problem.issues[0]?.message ?? "") ?? [];
  return kind && runId ? { kind: kind as "rebuild" | "seal", runId } : null;
}

/** What a page gets of what a function of the server reads: dates are texts. */
export type Data<Read extends (...args: never[]) => Promise<unknown>> = SerializeFrom<Awaited<ReturnType<Read>>>;
