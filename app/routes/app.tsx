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
import { LocaleProvider, useFrameLocale } from "~/components/use-locale";
import { usePageUrl } from "~/components/use-page-url";
import { apiKey, authenticate } from "~/shopify.server";
import { toLocaleTag } from "~/texts/locale";
import { loadPolarisTexts } from "~/texts/polaris.server";
import "~/print.css";

export const links = () => [{ rel: "stylesheet", href: polarisStyles }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { session } = await authenticate.admin(request);
  const locale = toLocaleTag(new URL(request.url).searchParams.get("locale"));
  return json({ apiKey, locale, shop: session.shop, polarisTexts: await loadPolarisTexts(locale) });
}

/**
 * It stays as it is, and with it the locale, which the admin tells of the first document alone: each page inside asks who the
 * merchant is by itself, and the network can lose one request less.
 */
export const shouldRevalidate = () => false;

/** The frame of every page in the admin. App Bridge shows the menu there; "home" stands for the app's name in it. */
export default function App() {
  const { apiKey, polarisTexts } = useLoaderData<typeof loader>();
  const locale = useFrameLocale();
  const { dashboard, analytics } = locale.texts;
  useFrameAddress();
  const toPageUrl = usePageUrl();
  useFreshOnReturn();
  return (
    <AppProvider isEmbeddedApp apiKey={apiKey} {...(polarisTexts && { i18n: polarisTexts })}>
      <LocaleProvider value={locale}>
        <NavMenu>
          <Link to={toPageUrl("/app")} rel="home">
            {dashboard.title}
          </Link>
          <Link to={toPageUrl("/app/testimonials/analytics")}>{analytics.title}</Link>
        </NavMenu>
        <RangeStatus />
        <Outlet />
        <PageFiles />
      </LocaleProvider>
    </AppProvider>
  );
}

// Some answers of authenticate.admin are pages of Shopify's own; they need Shopify's boundary and their headers.
export function ErrorBoundary() {
  return boundary.error(useRouteError());
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
