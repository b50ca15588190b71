import type { makeHandlers } from "../../app/services/rollup/http/handlers.server";
import type { Transport } from "./connection";

type Handlers = ReturnType<typeof makeHandlers>;
type Route = (handlers: Handlers, request: Request, id: string) => Promise<Response>;

/** The addresses of the contract, as the app's route files have them. */
const routes: Record<string, Route> = {
  "/jobs/rollup": (handlers, request) => handlers.runRollup(request),
  "/jobs/verify": (handlers, request) => handlers.runVerify(request),
  "/jobs/rebuild": (handlers, request) => handlers.startRebuild(request),
  "/jobs/rebuild/:id": (handlers, request, id) => handlers.rebuild(request, id),
  "/jobs/seal": (handlers, request) => handlers.startSeal(request),
  "/jobs/seal/:id": (handlers, request, id) => handlers.seal(request, id),
  "/jobs/status": (handlers, request) => handlers.status(request),
  "/jobs/runs": (handlers, request) => handlers.runs(request),
  "/jobs/runs/:id": (handlers, request, id) => handlers.ledgerRun(request, id),
  "/jobs/mark": (handlers, request) => handlers.mark(request),
};

/** Leads each request to its handler, with the secret that the handler asks for. */
export function makeRouter(handlers: Handlers, secrets: { cronSecret: string; adminToken: string }): Transport {
  return async (request) => {
    const [, path = "", id = ""] = /^(\/jobs\/\w+)(?:\/(.+))?$/.exec(new URL(request.url).pathname) ?? [];
    const route = routes[id === "" ? path : `${path}/:id`];
    if (!route) throw new Error(`There is no handler of ${request.url}.`);
    const isJob = ["/jobs/rollup", "/jobs/verify"].includes(path);
    const headers = new Headers(request.headers);
    headers.set("Authorization", `Bearer ${isJob ? secrets.cronSecret : secrets.adminToken}`);
    return route(handlers, new Request(request, { headers }), decodeURIComponent(id));
  };
}
