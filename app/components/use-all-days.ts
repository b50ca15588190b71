import { useRef, useState } from "react";
import type { RangeChoice } from "~/http/range-choice.server";
import { type StepColumns, toStepColumns, toSteps } from "~/report/steps";
import { countDays, toRange } from "~/services/rollup/day";
import { countNames, type RangeNumbers } from "~/testimonial-rollup";

type Shown = Pick<RangeChoice, "shown" | "product">;

/** All days that are shown: `days` are the latest of them until all are asked for. */
export type AllDays = {
  days: StepColumns | null;
  state: "ready" | "loading" | "failed";
  /** Fetches the days that are not there yet, and does something with all of them. */
  whenAll: (use?: (days: StepColumns | null) => void) => void;
};

/**
 * A page over years does not bring each of its days along. What is missing comes from the route that sums ranges up; App
 * Bridge adds the session token. A request that fails leaves the page as it is, and can be made again.
 */
export function useAllDays(latest: StepColumns | null, { shown, product }: Shown): AllDays {
  const [fetched, setFetched] = useState<StepColumns | null>(null);
  const [state, setState] = useState<AllDays["state"]>("ready");
  const isLoading = useRef(false);
  const hasAll = latest === null || toSteps(latest).length === countDays(toRange(shown.from, shown.to));
  const all = hasAll ? latest : fetched;

  async function fetchDays(use: (days: StepColumns | null) => void): Promise<void> {
    if (isLoading.current) return;
    isLoading.current = true;
    setState("loading");
    try {
      const days = await requestDays({ shown, product });
      setFetched(days);
      setState("ready");
      use(days);
    } catch {
      setState("failed");
    } finally {
      isLoading.current = false;
    }
  }

  return {
    days: all ?? latest,
    state,
    whenAll: (use = () => {}) => (hasAll || fetched ? use(all) : void fetchDays(use)),
  };
}

async function requestDays({ shown: { from, to }, product }: Shown): Promise<StepColumns | null> {
  const query = new URLSearchParams({ from, to, series: "1", ...(product !== null && { product }) });
  const response = await fetch(`/app/range-sum?${query}`);
  if (!response.ok) throw new Error(`The days were answered with ${response.status}.`);
  const answer = (await response.json()) as Pick<RangeNumbers, "series" | "cohortSeries">;
  return toStepColumns(answer, countNames, Number.POSITIVE_INFINITY);
}
