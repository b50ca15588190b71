import { formatAgo, formatCount, formatInstant } from "~/operator/format";
import type { StatusBody } from "~/operator/jobs.server";
import styles from "./operator.module.css";
import { Badge } from "./parts";

type Health = StatusBody["health"];

/** Health in a word. Failing shops are none of its checks, since all others go on, but with them all is not well. */
export function HealthBadge({ health: { ok, failingShops } }: { health: Health }) {
  if (!ok) return <Badge tone="bad">Not OK</Badge>;
  const { count } = failingShops;
  if (!count) return <Badge tone="good">All OK</Badge>;
  return <Badge tone="bad">{count === 1 ? "1 shop fails" : `${formatCount(count)} shops fail`}</Badge>;
}

/** Each check of GET /healthz, with since when it fails and why. */
export function HealthChecks({ health, now }: { health: Health; now: string }) {
  return (
    <ul className={`${styles.list} ${styles.checks}`}>
      {listChecks(health, now).map(({ name, key, ok, since, text }) => (
        <li key={name}>
          <span>{name}</span>
          <Badge tone={ok ? "good" : "bad"}>{ok ? "OK" : "Not OK"}</Badge>
          <span className={ok ? styles.quiet : undefined}>
            {[since && `Since ${formatInstant(since)} (${formatAgo(since, now)}).`, health.reasons[key], text]
              .filter(Boolean)
              .join(" ")}
          </span>
        </li>
      ))}
    </ul>
  );
}

type Check = { name: string; key: keyof Health["reasons"]; ok: boolean; since: string | null; text: string };

function listChecks(health: Health, now: string): Check[] {
  const { database, lastRun, lastVerification, oldestMark, replica } = health;
  const toText = (at: string | null, none: string) => (at ? `${formatInstant(at)}, ${formatAgo(at, now)}.` : none);
  return [
    { name: "Database", key: "database", ...database, text: database.writable ? "It answers and can be written." : "" },
    { name: "Last run", key: "lastRun", ...lastRun, text: toText(lastRun.at, "None yet.") },
    {
      name: "Last verification",
      key: "lastVerification",
      ...lastVerification,
      text: toText(lastVerification.at, "None yet."),
    },
    { name: "Oldest mark", key: "oldestMark", ...oldestMark, text: toText(oldestMark.at, "Nothing waits.") },
    ...(replica
      ? [{ name: "Replica", key: "replica", ...replica, text: `${replica.lagSeconds ?? "?"} s behind.` } as const]
      : []),
  ];
}
