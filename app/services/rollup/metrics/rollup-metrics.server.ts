import { Counter, Histogram, type Registry } from "prom-client";
import type { Observer } from "../observer.server";
import { makeHealthGauges, type Watched } from "./health-gauges.server";

/** From a run that finds nothing to do to a rebuild of half an hour. */
const durationBuckets = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 60, 180, 600, 1800];

const runKinds = ["rollup", "verify", "rebuild", "seal"];

export type RollupMetricsOptions = {
  /** Where the metrics are registered: a host's own registry holds its own metrics as well. */
  register: Registry;
  /** What each name begins with. */
  prefix?: string;
};

export type RollupMetrics = {
  /** Goes into the host of each rollup that is to be counted. */
  observer: Required<Observer>;
  /** Has the gauges of a rollup read with each scrape. A rollup of the same name takes the place of the one before. */
  watch: (rollup: Watched) => void;
};

/**
 * The metrics of any number of rollups, told apart by their label `rollup`. Counters are of this process since its start;
 * gauges are read from the database with each scrape, so that every process gives the same.
 */
export function makeRollupMetrics({ register, prefix = "rollup_" }: RollupMetricsOptions): RollupMetrics {
  const count = <Label extends string>(name: string, help: string, ...labels: Label[]) =>
    new Counter({ name: `${prefix}${name}`, help, labelNames: ["rollup", ...labels], registers: [register] });

  const runs = count("runs_total", "Runs that have ended, by how.", "kind", "trigger", "status");
  const durations = new Histogram({
    name: `${prefix}run_duration_seconds`,
    help: "How long runs took; of a rebuild or a seal, this process's stretch of it.",
    labelNames: ["rollup", "kind"],
    buckets: durationBuckets,
    registers: [register],
  });
  const days = count("recounts_total", "Recounts of a day of a shop.", "kind");
  const written = count("written_rows_total", "Daily rows that were inserted or updated.", "kind");
  const deleted = count("deleted_rows_total", "Daily rows that were deleted.", "kind");
  const dropped = count("dropped_marks_total", "Marked days that are sealed, whose marks were dropped.");
  const compared = count("compared_rows_total", "Active days that verifications have compared.");
  const drifted = count("drifted_rows_total", "Days that verifications have found to be wrong.");
  const unrepaired = count("unrepaired_rows_total", "Days that were wrong still after a verification's repair.");
  const brokenSeals = count("broken_seals_total", "Shops whose sealed rows were found changed, in each verification.");
  const fallbacks = count("fallbacks_total", "Steps that failed and were done another way or once more.", "step");
  const alerts = count("alerts_total", "Alerts that were raised, with those that say that a trouble is over.", "level");
  const deliveries = count("alert_deliveries_total", "Posts of alerts to their webhook.", "outcome");
  const gauges = makeHealthGauges({ register, prefix });

  /** A counter that is born with its first event hides that event from rates. */
  function beginAtZero(rollup: string): void {
    for (const kind of runKinds) {
      for (const counter of [days, written, deleted]) counter.inc({ rollup, kind }, 0);
      for (const status of ["ok", "partial", "failed", "unopened"]) {
        for (const trigger of ["cron", "operator", "schedule"]) runs.inc({ rollup, kind, trigger, status }, 0);
      }
    }
    for (const counter of [dropped, compared, drifted, unrepaired, brokenSeals]) counter.inc({ rollup }, 0);
    for (const level of ["error", "info"]) alerts.inc({ rollup, level }, 0);
    for (const outcome of ["delivered", "failed"]) deliveries.inc({ rollup, outcome }, 0);
  }

  return {
    observer: {
      runEnded({ durationMs, ...labels }) {
        runs.inc(labels);
        durations.observe({ rollup: labels.rollup, kind: labels.kind }, durationMs / 1000);
      },
      recounted({ rollup, kind, days: counted, rowsWritten, rowsDeleted, droppedMarks }) {
        const labels = { rollup, kind: kind ?? "none" };
        days.inc(labels, counted);
        written.inc(labels, rowsWritten);
        deleted.inc(labels, rowsDeleted);
        dropped.inc({ rollup }, droppedMarks);
      },
      verified({ rollup, ...found }) {
        compared.inc({ rollup }, found.compared);
        drifted.inc({ rollup }, found.drifted);
        unrepaired.inc({ rollup }, found.driftedAfter);
        brokenSeals.inc({ rollup }, found.brokenSeals);
      },
      fellBack: (labels) => fallbacks.inc(labels),
      alertRaised({ rollup, level, delivery }) {
        alerts.inc({ rollup, level });
        if (delivery !== "none") deliveries.inc({ rollup, outcome: delivery });
      },
    },
    watch(rollup) {
      beginAtZero(rollup.engine.name);
      gauges.watch(rollup);
    },
  };
}
