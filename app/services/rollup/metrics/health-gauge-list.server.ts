import { getFingerprint } from "../definition/state.server";
import type { Engine } from "../engine.server";
import type { Look } from "../health/look.server";

/** A value and its labels beside `rollup`. */
type Sample = { labels?: Record<string, string>; value: number };

type HealthGauge = {
  name: string;
  help: string;
  labels?: string[];
  read: (look: Look, engine: Engine) => Sample[];
};

const runKinds = ["rollup", "verify", "rebuild", "seal"] as const;

/** What a look says, each as a gauge. One that can't be known, since the database is away, has no sample. */
export const healthGauges: HealthGauge[] = [
  {
    name: "database_up",
    help: "1 when the database answers the health check.",
    read: ({ state }) => [flag(state.error === null)],
  },
  {
    name: "database_writable",
    help: "1 when this process may write what a run writes, and the database has this definition.",
    read: ({ state }) => [flag(state.error === null && state.value.obstacle === null)],
  },
  {
    name: "failing_shops",
    help: "Installed shops whose recount or comparison fails. Their days are counted live.",
    read: ({ ledger }) => known(ledger.value?.failing.count),
  },
  {
    name: "oldest_mark_timestamp_seconds",
    help: "When the oldest mark that waits for its recount was left. No sample where none waits.",
    read: ({ oldestMark }) => known(toSeconds(oldestMark.value)),
  },
  {
    name: "oldest_mark_age_seconds",
    help: "How long the oldest mark has waited, by the database's clock. 0 where none waits.",
    read: ({ state, oldestMark }) => {
      if (!state.value || oldestMark.error !== null) return [];
      const { now } = state.value;
      return known(oldestMark.value ? Math.max(0, now.getTime() - oldestMark.value.getTime()) / 1000 : 0);
    },
  },
  {
    name: "last_run_timestamp_seconds",
    help: "When the last rollup run that did its work ended. No sample before the first.",
    read: ({ ledger }) => known(toSeconds(ledger.value?.runs.rollupAt)),
  },
  {
    name: "last_verification_timestamp_seconds",
    help: "When the last verification that did its work ended. No sample before the first.",
    read: ({ ledger }) => known(toSeconds(ledger.value?.runs.verifyAt)),
  },
  {
    name: "run_failing",
    help: "1 when the last run of the kind, in whichever process, failed as a whole.",
    labels: ["kind"],
    read: ({ ledger }) =>
      runKinds.flatMap((kind) =>
        ledger.value ? [{ labels: { kind }, ...flag(ledger.value.troubles.some((each) => each.kind === kind)) }] : [],
      ),
  },
  {
    name: "replica_up",
    help: "1 when the replica answers. No sample where none is configured.",
    read: ({ replica }) => (replica ? [flag(replica.error === null)] : []),
  },
  {
    name: "replica_lag_seconds",
    help: "How far the replica is behind, by the database's clock.",
    read: ({ replica, state }) => {
      if (!replica?.value || !state.value) return [];
      return known(Math.max(0, state.value.now.getTime() - Date.parse(replica.value)) / 1000);
    },
  },
  {
    name: "max_age_seconds",
    help: "What the settings call too old: the health check's limits.",
    labels: ["check"],
    read: (_look, { settings }) => [
      { labels: { check: "last_run" }, value: settings.maxRunAgeMinutes * 60 },
      { labels: { check: "last_verification" }, value: settings.maxVerifyAgeMinutes * 60 },
      { labels: { check: "oldest_mark" }, value: settings.maxMarkAgeMinutes * 60 },
      { labels: { check: "replica" }, value: settings.maxReplicaLagSeconds },
    ],
  },
  {
    name: "drift_alert_rows",
    help: "The number of drifted rows past which a verification raises an alert.",
    read: (_look, { settings }) => known(settings.alertRecords),
  },
  {
    name: "drift_alert_ratio",
    help: "The share of drifted rows past which a verification raises an alert.",
    read: (_look, { settings }) => known(settings.alertPercent / 100),
  },
  {
    name: "definition_info",
    help: "The definition that this process counts by.",
    labels: ["table", "fingerprint"],
    read: (_look, engine) => [
      { labels: { table: engine.definition.table, fingerprint: getFingerprint(engine) }, value: 1 },
    ],
  },
];

function flag(is: boolean): Sample {
  return { value: is ? 1 : 0 };
}

function known(value: number | null | undefined): Sample[] {
  return value == null ? [] : [{ value }];
}

function toSeconds(instant: Date | null | undefined): number | null {
  return instant ? instant.getTime() / 1000 : null;
}
