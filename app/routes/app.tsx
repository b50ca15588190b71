import { type HeadersFunction, json, type LoaderFunctionArgs } from "@remix-run/node";
import { Link, Outlet, useLoaderData, useRouteError } from "@remix-run/react";
import { NavMenu } from "@shopify/app-bridge-react";
import polarisStyles from "@shopify/polaris/build/esm/styles.css?url";
import { AppProvider } from "@shopify/shopify-app-remix/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { PageFiles } from "~/components/page-files";
import { RangeStatus } from "~/components/range-status";
import { useFrameAddress } from "~/components/use-frame-address";
import { useFreshOnReturn } from "~/components/use-fresh-on-return";
import { usePageUrl } from "~/components/use-page-url";
import { apiKey, authenticate } from "~/shopify.server";

export const links = () => [{ rel: "stylesheet", href: polarisStyles }];

export async function loader({ request }: LoaderFunctionArgs) {
  await authenticate.admin(request);
  return json({ apiKey });
}

/** It stays as it is: each page inside asks who the merchant is by itself, and the network can lose one request less. */
export const shouldRevalidate = () => false;

/** The frame of every page in the admin. App Bridge shows the menu there; "home" stands for the app's name in it. */
export default function App() {
  const { apiKey } = useLoaderData<typeof loader>();
  useFrameAddress();
  const toPageUrl = usePageUrl();
  useFreshOnReturn();
  return (
    <AppProvider isEmbeddedApp apiKey={apiKey}>
      <NavMenu>
        <Link to={toPageUrl("/app")} rel="home">
          Dashboard
        </Link>
        <Link to={toPageUrl("/app/testimonials/analytics")}>Analytics</Link>
      </NavMenu>
      <RangeStatus />
      <Outlet />
      <PageFiles />
    </AppProvider>
  );
}

// Some answers of authenticate.admin are pages of Shopify's own; they need Shopify's boundary and their headers.
export function ErrorBoundary() {
  return boundary.error(useRouteError());
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
