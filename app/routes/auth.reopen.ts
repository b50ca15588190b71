import { type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { isAppPath, toAnyAdminPolicy } from "~/http/frame.server";
import script from "~/http/reopen-in-frame.js?raw";
import { apiKey } from "~/shopify.server";

/**
 * GET, in the admin's frame: a page of the app that was loaded there at an address without its shop, as after a reload.
 * No cookie could tell the shop, since browsers keep those of other sites from a frame; App Bridge can.
 */
export function loader({ request }: LoaderFunctionArgs): Response {
  const path = new URL(request.url).searchParams.get("path") ?? "";
  if (!isAppPath(path)) throw redirect("/auth/login");
  return new Response(page, {
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": toAnyAdminPolicy(),
      "Cache-Control": "no-store",
    },
  });
}

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Opening the app</title>
<script data-api-key="${apiKey}" src="https://cdn.shopify.com/shopifycloud/app-bridge.js"></script>
</head>
<body>
<p role="alert" hidden>The app could not be opened here. Please open it again from your Shopify admin, below Apps.</p>
<script>
${script}</script>
</body>
</html>
`;
