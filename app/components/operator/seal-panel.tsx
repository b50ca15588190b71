import { Form } from "@remix-run/react";
import { formatCount, formatInstant } from "~/operator/format";
import type { SealBody } from "~/operator/jobs.server";
import { Send } from "./fields";
import styles from "./operator.module.css";
import { Facts, Notice, Panel, RunLink, Shop, StatusBadge } from "./parts";
import { FailedShopsPanel } from "./run-failures";
import { SweepProgress } from "./sweep-progress";

type SealPanelProps = { seal: SealBody; domains: Record<string, string>; now: string };

/** A seal: how far it is, what it did or would do, and what can be done with it. */
export function SealPanel({ seal, domains, now }: SealPanelProps) {
  const { runId, dryRun, status, shopId, before } = seal;
  return (
    <>
      <Panel title={dryRun ? "Dry run of a seal" : "Seal"} beside={<StatusBadge status={status} />}>
        <SweepProgress label="Progress of the seal" sweep={seal} now={now} />
        {seal.error && (
          <Notice tone="bad" title="It failed.">
            <p>{seal.error}</p>
          </Notice>
        )}
        <Facts
          items={[
            ["Shop", <Shop key="shop" shopId={shopId} domains={domains} />],
            ["All days before", before],
            [dryRun ? "Shops that would be sealed" : "Shops sealed", formatCount(seal.shops)],
            ["Days not sealed before", formatCount(seal.days)],
            ["Began", formatInstant(seal.startedAt)],
            ["Ended", seal.finishedAt && formatInstant(seal.finishedAt)],
            [
              "Run",
              <RunLink key="run" runId={runId}>
                All of this run
              </RunLink>,
            ],
          ]}
        />
        <div className={styles.buttons}>
          {status === "running" && (
            <Form method="post">
              <input type="hidden" name="run" value={runId} />
              <Send intent="cancel">Cancel</Send>
            </Form>
          )}
          {dryRun && status !== "running" && (
            <Form method="post">
              {shopId !== null && <input type="hidden" name="shop" value={shopId} />}
              <input type="hidden" name="before" value={before} />
              <Send intent="seal" isPrimary>
                Seal these days
              </Send>
            </Form>
          )}
        </div>
      </Panel>
      <FailedShopsPanel failed={seal.failedShops} domains={domains} />
    </>
  );
}
