import { drawWait, isLucky, type Random } from "./random";
import type { RequestRow } from "./rows";
import type { ShopPlan } from "./shops";

const secondMs = 1_000;
const hourMs = 3_600 * secondMs;

/** A request that nobody answered by then is over. */
const expiryMs = 30 * 24 * hourMs;

/** How far a request got, and when. */
export type RequestPath = {
  status: RequestRow["status"];
  plannedMs: number;
  sentMs: number | null;
  openedMs: number | null;
  clickedMs: number | null;
  /** Whether clicked_at tells of the click. If not, only its events do. */
  isClickTimeKnown: boolean;
  submittedMs: number | null;
};

/** The path of a request planned for `plannedMs`, as far as it has come by `nowMs`. */
export function drawPath(random: Random, plan: ShopPlan, plannedMs: number, nowMs: number): RequestPath {
  const isFailed = isLucky(random, 0.008);
  const isClicker = isLucky(random, plan.clickRate);
  const isOpener = isClicker || isLucky(random, 0.4);
  const isSubmitter = isClicker && isLucky(random, plan.submitRate);
  const isClickTimeKnown = isLucky(random, 0.88);
  const openMs = plannedMs + 60 * secondMs + drawWait(random, 9 * hourMs);
  const clickMs = openMs + 5 * secondMs + drawWait(random, 3 * hourMs);
  const submitMs = clickMs + 60 * secondMs + drawWait(random, 20 * hourMs);

  const unsent = { plannedMs, sentMs: null, openedMs: null, clickedMs: null, submittedMs: null, isClickTimeKnown };
  if (plannedMs > nowMs) return { ...unsent, status: "scheduled" };
  if (isFailed) return { ...unsent, status: "failed" };
  const openedMs = isOpener && openMs <= nowMs ? openMs : null;
  const clickedMs = isClicker && clickMs <= nowMs ? clickMs : null;
  const submittedMs = isSubmitter && submitMs <= nowMs ? submitMs : null;
  const waiting = plannedMs + expiryMs < nowMs ? "expired" : "sent";
  const status = submittedMs !== null ? "submitted" : clickedMs !== null ? "clicked" : waiting;
  return { status, plannedMs, sentMs: plannedMs, openedMs, clickedMs, isClickTimeKnown, submittedMs };
}
