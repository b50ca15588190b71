import type { LoaderFunctionArgs } from "@remix-run/node";
import { answerSafely } from "~/http/answer.server";
import { readDataFile } from "~/operator/privacy.server";
import { requireOperator } from "~/operator/session.server";

/** GET: what an open data request asks for, as a file. */
export async function loader({ request, params }: LoaderFunctionArgs): Promise<Response> {
  await requireOperator(request);
  return answerSafely(() => readDataFile(params.requestId ?? ""));
}
