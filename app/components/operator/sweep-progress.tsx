import { formatCount, formatCounted, formatDuration } from "~/operator/format";
import type { RunStatus } from "~/services/rollup/jobs/ledger.server";
import { toEtaMs, toWorkedMs } from "~/services/rollup/jobs/sweep-progress";
import styles from "./operator.module.css";

type Sweep = { status: RunStatus; done: number; total: number | null; startedAt: string; pausedMs: number };

/** How far a rebuild or a seal is: shops done, how fast, and how long it will take still. */
export function SweepProgress({ label, sweep, now }: { label: string; sweep: Sweep; now: string }) {
  const { status, done, total } = sweep;
  const all = total ?? 0;
  const timed = { ...sweep, startedAt: new Date(sweep.startedAt) };
  const workedMs = Math.max(1, toWorkedMs(timed, new Date(now)));
  const etaMs = toEtaMs(timed, new Date(now));
  const parts = [
    `${formatCount(done)} of ${formatCounted(all, "shop")}`,
    ...(status === "running" && done > 0
      ? [`${formatCount(Math.round((done * 60_000) / workedMs))} shops a minute`]
      : []),
    ...(etaMs === null ? [] : [`about ${formatDuration(etaMs)} left`]),
  ];
  return (
    <div>
      <progress className={styles.progress} aria-label={label} max={Math.max(all, 1)} value={all === 0 ? 1 : done} />
      <span>{parts.join(", ")}</span>
    </div>
  );
}
