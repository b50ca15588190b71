/** Where the operator's page is. */
export const operatorPath = "/operator";
export const loginPath = "/operator/login";
export const logoutPath = "/operator/logout";

/** True for a path of the operator's page. Remix takes upper case for lower case, so this does, too. */
export function isOperatorPath(pathname: string): boolean {
  return /^\/operator(\/|$)/i.test(pathname);
}

/** The path, with its query, where a login leads: a page of the operator's on this site, or the first of them. */
export function toPathAfterLogin(given: string): string {
  const site = "https://app.invalid";
  if (!URL.canParse(given, site)) return operatorPath;
  const { origin, pathname, search } = new URL(given, site);
  const isPage = origin === site && isOperatorPath(pathname) && !pathname.startsWith(loginPath);
  return isPage ? `${pathname}${search}` : operatorPath;
}
