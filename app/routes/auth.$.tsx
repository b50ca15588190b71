import type { LoaderFunctionArgs } from "@remix-run/node";
import { setPageHeaders } from "~/http/page-headers.server";
import { authenticate } from "~/shopify.server";

/** Shopify's own addresses below /auth, such as the page that fetches a new session token: all are its answers. */
export async function loader({ request }: LoaderFunctionArgs) {
  try {
    await authenticate.admin(request);
    return null;
  } catch (thrown) {
    // The library writes the shop into them as it stands in the address.
    if (thrown instanceof Response) setPageHeaders(request, thrown.headers);
    throw thrown;
  }
}
