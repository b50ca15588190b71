import { Link } from "@remix-run/react";
import { operatorPath } from "~/operator/paths";
import { findObstacle, type Problem } from "~/operator/problem";
import { Notice } from "./parts";

const places = { rebuild: `${operatorPath}/rebuild`, seal: `${operatorPath}/seals` };

/** Why a form was refused, in the words of the routes under /jobs, with a link to what stands in its way. */
export function FormProblem({ problem }: { problem: Problem | undefined }) {
  if (!problem) return null;
  const obstacle = findObstacle(problem);
  return (
    <Notice tone="bad" title="Nothing was begun.">
      <p>{problem.message}</p>
      {obstacle && (
        <p>
          <Link to={`${places[obstacle.kind]}?${new URLSearchParams({ run: obstacle.runId })}`}>
            {`See the running ${obstacle.kind}`}
          </Link>
        </p>
      )}
    </Notice>
  );
}
