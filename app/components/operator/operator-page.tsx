import { useLoaderData } from "@remix-run/react";
import type { ReactNode } from "react";
import { formatInstant } from "~/operator/format";
import type { Shown } from "./keep-shown";
import styles from "./operator.module.css";
import { Notice, Quiet } from "./parts";
import { useLiveData } from "./use-live-data";

/** How soon a page looks again where something runs, where nothing does, and where it could not be read. */
const intervalsMs = { running: 2_000, idle: 20_000, failed: 5_000 };

type OperatorPageProps<Data> = {
  title: string;
  /** True while something that the page shows is at work. */
  isRunning?: (data: Data) => boolean;
  /** What stands there whether the data could be read or not: filters, of which one may be wrong. */
  above?: ReactNode;
  children: (data: Data, now: string) => ReactNode;
};

/** A page of the operator's around the data of its loader, which it reads again by itself. */
export function OperatorPage<Data>({ title, isRunning = () => false, above, children }: OperatorPageProps<Data>) {
  const shown = useLoaderData() as Shown<Data>;
  const isBusy = shown.state === "ready" && isRunning(shown.data);
  const pace = shown.state === "failed" || shown.lostSince ? "failed" : isBusy ? "running" : "idle";
  useLiveData(intervalsMs[pace]);
  return (
    <>
      <div className={styles.head}>
        <h1>{title}</h1>
        <Quiet>{`As of ${formatInstant(shown.now)}. All times and days are UTC.`}</Quiet>
      </div>
      {shown.lostSince && (
        <Notice tone="warning" title="The server does not answer.">
          <p>{`What is shown is older. This page has asked in vain since ${formatInstant(shown.lostSince)} and goes on.`}</p>
        </Notice>
      )}
      {above}
      {shown.state === "ready" ? (
        children(shown.data, shown.now)
      ) : (
        <Notice
          tone="bad"
          title={shown.problem.status === 404 ? "There is no such thing." : "This can't be shown now."}
        >
          <p>{shown.problem.message}</p>
        </Notice>
      )}
    </>
  );
}
