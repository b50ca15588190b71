import { type HeadersFunction, json, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { Card, Page, Text } from "@shopify/polaris";
import { boundary } from "@shopify/shopify-app-remix/server";
import { usePageUrl } from "~/components/use-page-url";
import { authenticate } from "~/shopify.server";

export const meta: MetaFunction = () => [{ title: "Testimonials" }];

export async function loader({ request }: LoaderFunctionArgs) {
  await authenticate.admin(request);
  return json({});
}

/** Holds the place of the testimonial app's own screen, to which the dashboard leads. */
export default function Testimonials() {
  return (
    <Page title="Testimonials" backAction={{ content: "Dashboard", url: usePageUrl()("/app") }}>
      <Card>
        <Text as="p">
          This is where your testimonial app shows its testimonials and lets you approve or reject them. The analytics
          come without that screen.
        </Text>
      </Card>
    </Page>
  );
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
