import { json, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import polarisStyles from "@shopify/polaris/build/esm/styles.css?url";
import { OpenFromAdmin } from "~/components/open-from-admin";
import { PlainPage } from "~/components/plain-page";
import { toShopDomain } from "~/http/shop-domain.server";
import { login } from "~/shopify.server";

const title = "Open the app from Shopify";

export const links = () => [{ rel: "stylesheet", href: polarisStyles }];

export const meta: MetaFunction = () => [{ title }];

/** Sends a shop that the address names to Shopify. Nobody is asked for one: the App Store forbids it. */
export async function loader({ request }: LoaderFunctionArgs) {
  await login(toShopDomain(new URL(request.url).searchParams.get("shop")));
  return json({});
}

export default function Login() {
  return (
    <PlainPage title={title}>
      <OpenFromAdmin />
    </PlainPage>
  );
}
