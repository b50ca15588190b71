import { DefinitionNotCurrent } from "../definition/state.server";
import { pingDatabase } from "../engine.server";
import { getPrismaError, toErrorMessage } from "../error.server";
import type { Rollup } from "../index";
import { refuse, refuseBusy } from "./answer.server";

/** Answers with what `respond` returns or throws, whatever that is. Never rejects. */
export type AnswerSafely = (respond: () => Promise<Response>) => Promise<Response>;

/** What a host makes of what its own code, such as its session check, throws. */
export type HostErrors = {
  /** The answer for a Response that was thrown; itself without this. */
  toRefusal?: (thrown: Response) => Response | Promise<Response>;
  /** The answer for an error of the host's, or null. */
  explain?: (error: unknown) => Response | null;
};

/**
 * Makes the function that answers with what `respond` returns or, when it throws a Response, throws. Anything else it
 * throws is logged and becomes a 503 when the database is away or all connections are taken, else a 500; none says what
 * the inside looks like.
 */
export function makeAnswerSafely(
  { engine }: Pick<Rollup, "engine">,
  { toRefusal = (thrown) => thrown, explain = () => null }: HostErrors = {},
): AnswerSafely {
  return async (respond) => {
    try {
      return await respond();
    } catch (error) {
      if (error instanceof Response) return toRefusal(error);
      engine.log.error({ error: toErrorMessage(error), code: getPrismaError(error)?.code }, "a request failed");
      if (error instanceof DefinitionNotCurrent) {
        return refuse(503, "other_definition", error.message, { headers: { "Retry-After": "60" } });
      }
      const explained = explain(error);
      if (explained) return explained;
      try {
        await pingDatabase(engine);
      } catch {
        return refuse(503, "database_unavailable", "The database does not answer. Nothing is lost; try again.");
      }
      if (isOverload(error)) return refuseBusy();
      return refuse(500, "internal", "Something went wrong on our side. The log has the details.");
    }
  };
}

/** The words of the connection pool, and of Prisma's transactions, when none of the connections came free in time. */
const overload = /timeout exceeded when trying to connect|Unable to start a transaction in the given time/;

function isOverload(error: unknown): boolean {
  return overload.test(toErrorMessage(error));
}
