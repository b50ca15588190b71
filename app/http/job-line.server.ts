import { makeLine, type TakeTurn } from "~/services/rollup/line.server";
import { refuseWhenStopping } from "./answer.server";

/**
 * A line of one for a job's route: readers want connections, too. What waited until the process is about to end is
 * refused with 503 instead of begun.
 */
export function makeJobLine(): TakeTurn {
  const takeTurn = makeLine(1);
  return (work) =>
    takeTurn(() => {
      refuseWhenStopping();
      return work();
    });
}
