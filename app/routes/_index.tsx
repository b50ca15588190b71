import { json, type LoaderFunctionArgs, type MetaFunction, redirect } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Text } from "@shopify/polaris";
import polarisStyles from "@shopify/polaris/build/esm/styles.css?url";
import { LoginForm } from "~/components/login-form";
import { PlainPage } from "~/components/plain-page";
import { isShopifyConfigured } from "~/shopify.server";

export const links = () => [{ rel: "stylesheet", href: polarisStyles }];

export const meta: MetaFunction = () => [{ title: "Testimonial Daily Analytics" }];

/** The app's own address. Shopify opens it with `shop`, and what else is in the query belongs to the merchant's page. */
export function loader({ request }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url);
  if (searchParams.get("shop")) throw redirect(`/app?${searchParams}`);
  return json({ canLogIn: isShopifyConfigured });
}

export default function Landing() {
  const { canLogIn } = useLoaderData<typeof loader>();
  return (
    <PlainPage title="Testimonial Daily Analytics">
      <Text as="p">
        Shows Shopify merchants, day by day, how many testimonials they asked for, received, approved and published.
      </Text>
      {canLogIn && <LoginForm />}
    </PlainPage>
  );
}
