import { Link } from "@remix-run/react";
import type { ReactNode } from "react";
import { operatorPath } from "~/operator/paths";
import { statusWords, type Tone } from "~/operator/words";
import type { RunStatus } from "~/services/rollup/jobs/ledger.server";
import styles from "./operator.module.css";

/** A part of a page with a heading. `beside`: what stands at the right of the heading. */
export function Panel({ title, beside, children }: { title: string; beside?: ReactNode; children: ReactNode }) {
  return (
    <section className={styles.panel}>
      <div className={styles.panelHead}>
        <h2>{title}</h2>
        {beside && <div className={styles.quiet}>{beside}</div>}
      </div>
      {children}
    </section>
  );
}

/** Names and values. Those without a value are left out. */
export function Facts({ items }: { items: [name: string, value: ReactNode][] }) {
  return (
    <dl className={styles.facts}>
      {items
        .filter(([, value]) => value !== null && value !== undefined)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** A state in words. Its colour says nothing more. */
export function Badge({ tone, children }: { tone: Tone; children: ReactNode }) {
  return <span className={`${styles.badge} ${styles[tone] ?? ""}`}>{children}</span>;
}

export function StatusBadge({ status }: { status: RunStatus }) {
  const { text, tone } = statusWords[status];
  return <Badge tone={tone}>{text}</Badge>;
}

type NoticeProps = { tone: Tone; title: string; children?: ReactNode };

/** What a page has to say before all else. */
export function Notice({ tone, title, children }: NoticeProps) {
  return (
    <div className={`${styles.notice} ${styles[tone] ?? ""}`} role={tone === "bad" ? "alert" : "status"}>
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function Quiet({ children }: { children: ReactNode }) {
  return <p className={styles.quiet}>{children}</p>;
}

type ShopProps = { shopId: string | null; domains: Record<string, string> };

/** A shop by its domain, with its id below, which is what the routes and the log name. */
export function Shop({ shopId, domains }: ShopProps) {
  if (shopId === null) return <>All shops</>;
  const domain = domains[shopId];
  return (
    <>
      {domain ?? shopId}
      {domain && domain !== shopId && <small>{shopId}</small>}
    </>
  );
}

/** The same in a sentence. */
export function toShopName({ shopId, domains }: ShopProps): string {
  return shopId === null ? "all shops" : (domains[shopId] ?? shopId);
}

/** A link to a run with all that the ledger keeps of it. */
export function RunLink({ runId, children }: { runId: string; children: ReactNode }) {
  return <Link to={`${operatorPath}/runs/${encodeURIComponent(runId)}`}>{children}</Link>;
}
