import { json, redirect, type TypedResponse } from "@remix-run/node";
import { answerSafely, waitForRead } from "~/http/answer.server";
import { type ErrorBody, requireMethod } from "~/services/rollup/http/answer.server";
import { refuseBody } from "~/services/rollup/http/body.server";
import { requireSameOrigin } from "./origin.server";
import type { FormAnswer, PageAnswer, Problem } from "./problem";
import { requireOperator } from "./session.server";

const headers = { "Cache-Control": "no-store" };

/**
 * What a page of the operator's shows. A read that is refused, or fails, is an answer too, with the status and the words of
 * the routes under /jobs: the page around it stays.
 *
 * @throws Response that leads to the login, where no session is open.
 */
export async function loadForOperator<Data>(
  request: Request,
  read: (query: URLSearchParams) => Promise<Data>,
): Promise<TypedResponse<PageAnswer<Data>>> {
  await requireOperator(request);
  const response = await answerSafely(async () => {
    const data = await waitForRead(read(new URL(request.url).searchParams));
    return json({ state: "ready", now: new Date().toISOString(), data }, { headers });
  });
  if (response.ok) return response as TypedResponse<PageAnswer<Data>>;
  const problem = await toProblem(response);
  const answer = { state: "failed", now: new Date().toISOString(), problem } as const;
  return json(answer, { status: response.status, headers }) as unknown as TypedResponse<PageAnswer<Data>>;
}

/**
 * Does what a form of the operator's asks for, and leads to the page that `act` names. A refusal is shown beside the form, which
 * keeps what was entered.
 *
 * @throws Response 403 where another site sent the form; one that leads to the login, where no session is open.
 */
export async function actForOperator(
  request: Request,
  act: (form: Form) => Promise<string>,
): Promise<TypedResponse<FormAnswer>> {
  requireSameOrigin(request);
  await requireOperator(request);
  let form: Form = {};
  const response = await answerSafely(async () => {
    requireMethod(request, "POST");
    form = await readForm(request);
    return redirect(await act(form), { status: 303, headers });
  });
  if (response.status < 400) return response as TypedResponse<never>;
  const problem = await toProblem(response);
  return json({ problem, entered: form }, { status: response.status, headers }) as TypedResponse<FormAnswer>;
}

/** The fields of a form, without those that were left empty. */
export type Form = Record<string, string>;

/** @throws Response 400 where the body is no form. */
export async function readForm(request: Request): Promise<Form> {
  let data: FormData;
  try {
    data = await request.formData();
  } catch {
    throw refuseBody("The body is not a form.");
  }
  const fields = [...data].filter((field): field is [string, string] => typeof field[1] === "string");
  return Object.fromEntries(fields.map(([name, value]) => [name, value.trim()]).filter(([, value]) => value !== ""));
}

async function toProblem(response: Response): Promise<Problem> {
  const { error } = (await response.json()) as ErrorBody;
  return { ...error, status: response.status, issues: error.issues.map(({ field, message }) => ({ field, message })) };
}
