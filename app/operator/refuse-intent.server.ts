import { refuseInput } from "~/services/rollup/http/input.server";

/** The answer to a form whose button is none of the page's. */
export function refuseIntent(intent: string | undefined, known: string[]): Response {
  return refuseInput([
    { field: "intent", value: intent?.slice(0, 255) ?? null, message: `must be one of ${known.join(", ")}` },
  ]);
}
