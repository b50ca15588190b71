import type { Freshness } from "~/services/rollup/read/read.server";
import { toClockText, toDayText, toNumberText } from "./text";

/** How fresh the numbers of a page are, and up to which day they are sealed, in one quiet line. */
export function toFreshnessText(freshness: Freshness): string {
  const { sealedUntil } = freshness;
  const sealed = sealedUntil && ` Days before ${toDayText(sealedUntil)} are sealed: their numbers no longer change.`;
  return toAsOfText(freshness) + (sealed ?? "");
}

function toAsOfText({ asOf, liveDays }: Freshness): string {
  if (liveDays === 0) return `Days are UTC. Up to date as of ${toClockText(asOf)}.`;
  const days = liveDays === 1 ? "1 day is" : `${toNumberText(liveDays)} days are`;
  return `Days are UTC. ${days} being recounted; the numbers already include ${liveDays === 1 ? "it" : "them"}, as of ${toClockText(asOf)}.`;
}
