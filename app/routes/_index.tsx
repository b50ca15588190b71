import { json, type LoaderFunctionArgs, type MetaFunction, redirect } from "@remix-run/node";
import { Text } from "@shopify/polaris";
import polarisStyles from "@shopify/polaris/build/esm/styles.css?url";
import { OpenFromAdmin } from "~/components/open-from-admin";
import { PlainPage } from "~/components/plain-page";
import { toShopDomain } from "~/http/shop-domain.server";

export const links = () => [{ rel: "stylesheet", href: polarisStyles }];

export const meta: MetaFunction = () => [{ title: "Testimonial Daily Analytics" }];

/** The app's own address. Shopify opens it with `shop`, and what else is in the query belongs to the merchant's page. */
export function loader({ request }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url);
  if (toShopDomain(searchParams.get("shop"))) throw redirect(`/app?${searchParams}`);
  return json({});
}

export default function Landing() {
  return (
    <PlainPage title="Testimonial Daily Analytics">
      <Text as="p">
        Shows Shopify merchants, day by day, how many testimonials they asked for, received, approved and published.
      </Text>
      <OpenFromAdmin />
    </PlainPage>
  );
}
