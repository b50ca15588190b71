import { toGivenDays } from "../days";
import { type ExitCode, exitCodes } from "../exit-codes";
import { formatCount } from "../formats";
import type { CommonOptions } from "../options";
import { withClient } from "../with-client";

type MarkOptions = CommonOptions & { shop?: string; from?: string; to?: string };
type MarkAnswer = { shopId: string | null; fromDate: string; toDate: string; markedDays: number };

/** `mark`: days that the next run is to count anew. Until then reads count them live. */
export function mark({ shop, from, to, ...options }: MarkOptions): Promise<ExitCode> {
  const body = { shopId: shop, ...toGivenDays({ from, to }) };
  return withClient(options, "Stops after the call at work.", async ({ client, terminal }) => {
    const answer = await client.ask<MarkAnswer>("POST", "/jobs/mark", { body });
    const { shopId, fromDate, toDate, markedDays } = answer;
    terminal.print(answer, () => [
      `Marked ${formatCount(markedDays, "day")} of ${shopId ?? "all shops"}, ${fromDate} to ${toDate}. ` +
        "The next run recounts them: npm run rollup -- run",
    ]);
    return exitCodes.done;
  });
}
