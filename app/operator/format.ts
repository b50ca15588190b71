// How the operator's page writes numbers and instants: in English, whole and in UTC, so that they can be compared with the log.

const numberFormat = new Intl.NumberFormat("en-US");
const dayMs = 86_400_000;

/** 1234567 as "1,234,567". */
export function formatCount(count: number): string {
  return numberFormat.format(count);
}

/** "1 shop", "1,234 shops". */
export function formatCounted(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** "2026-11-03 14:05:09" of an instant. The page says once that all are UTC. */
export function formatInstant(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 19)}`;
}

/** "87 ms", "3.4 s", "12 min 5 s", "3 h 20 min", "2 days 4 h". */
export function formatDuration(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  if (whole < 1_000) return `${whole} ms`;
  if (whole < 59_950) return `${(whole / 1_000).toFixed(1)} s`;
  const seconds = Math.round(whole / 1_000);
  if (seconds < 3_600) return join(seconds, [60, "min"], [1, "s"]);
  if (whole < 2 * dayMs) return join(seconds, [3_600, "h"], [60, "min"]);
  return join(seconds, [86_400, "days"], [3_600, "h"]);
}

/** "3 h 20 min ago" of an instant, by the server's clock. Clocks of databases may be a little ahead. */
export function formatAgo(instant: string, now: string): string {
  const ms = Date.parse(now) - Date.parse(instant);
  return ms < 60_000 ? "just now" : `${formatDuration(ms)} ago`;
}

type Unit = [seconds: number, name: string];

function join(seconds: number, [large, largeName]: Unit, [small, smallName]: Unit): string {
  const rest = Math.floor((seconds % large) / small);
  const first = `${Math.floor(seconds / large)} ${largeName}`;
  return rest === 0 ? first : `${first} ${rest} ${smallName}`;
}
