import type { ServerBuild } from "@remix-run/node";
import { matchRoutes } from "@remix-run/react";

type RouteTree = { path?: string; index?: boolean; children: RouteTree[] };

/** Gives the pattern of the route that an address is of, as in "/jobs/rebuild/:runId": one of few, whatever the address. */
export type FindRoute = (path: string) => string;

/** Of an address that no route has. Files have one name together. */
const noRoute = "none";
const files = "/assets/*";

/** Finds routes in those of a build, by Remix's own rules. */
export function makeRouteFinder(routes: ServerBuild["routes"]): FindRoute {
  const tree = toTree(Object.values(routes), undefined);
  return (path) => {
    if (path.startsWith("/assets/")) return files;
    // The router would write a warning about it to the console.
    if (!isDecodable(path)) return noRoute;
    const matches = matchRoutes(tree as Parameters<typeof matchRoutes>[0], path);
    if (!matches) return noRoute;
    const parts = matches.flatMap(({ route }) => (route.path ? [route.path] : []));
    return `/${parts.join("/")}`;
  };
}

type Route = NonNullable<ServerBuild["routes"][string]>;

function toTree(routes: (Route | undefined)[], parentId: string | undefined): RouteTree[] {
  return routes.flatMap((route) =>
    route && route.parentId === parentId
      ? [{ path: route.path || undefined, index: route.index, children: toTree(routes, route.id) }]
      : [],
  );
}

function isDecodable(path: string): boolean {
  try {
    decodeURI(path);
    return true;
  } catch {
    return false;
  }
}
