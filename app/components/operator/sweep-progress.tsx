import { formatCount, formatCounted, formatDuration } from "~/operator/format";
import type { RunStatus } from "~/services/rollup/jobs/ledger.server";
import styles from "./operator.module.css";

type Sweep = { status: RunStatus; done: number; total: number | null; etaMs?: number | null; startedAt: string };

/** How far a rebuild or a seal is: shops done, how fast, and how long it will take still. */
export function SweepProgress({ label, sweep, now }: { label: string; sweep: Sweep; now: string }) {
  const { status, done, total, startedAt } = sweep;
  const all = total ?? 0;
  const elapsedMs = Math.max(1, Date.parse(now) - Date.parse(startedAt));
  const isRunning = status === "running";
  const etaMs = sweep.etaMs ?? (isRunning && done > 0 && done < all ? (elapsedMs / done) * (all - done) : null);
  const parts = [
    `${formatCount(done)} of ${formatCounted(all, "shop")}`,
    ...(isRunning && done > 0 ? [`${formatCount(Math.round((done * 60_000) / elapsedMs))} shops a minute`] : []),
    ...(etaMs === null ? [] : [`about ${formatDuration(etaMs)} left`]),
  ];
  return (
    <div>
      <progress className={styles.progress} aria-label={label} max={Math.max(all, 1)} value={all === 0 ? 1 : done} />
      <span>{parts.join(", ")}</span>
    </div>
  );
}
