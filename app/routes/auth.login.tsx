import { type ActionFunctionArgs, json, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import polarisStyles from "@shopify/polaris/build/esm/styles.css?url";
import { LoginErrorType } from "@shopify/shopify-app-remix/server";
import { LoginForm } from "~/components/login-form";
import { PlainPage } from "~/components/plain-page";
import { login } from "~/shopify.server";

export const links = () => [{ rel: "stylesheet", href: polarisStyles }];

export const meta: MetaFunction = () => [{ title: "Log in" }];

/** With a shop, in the query or posted, `login` throws the redirect to Shopify. */
async function logIn({ request }: LoaderFunctionArgs | ActionFunctionArgs) {
  // Shopify's login reads the form whatever the body is, and throws where it is none.
  if (request.method !== "GET" && request.method !== "HEAD" && !(await isForm(request.clone()))) {
    return json({ error: messages[LoginErrorType.MissingShop] }, 400);
  }
  // To Shopify's login all but GET is a form that was sent.
  const errors = await login(request.method === "HEAD" ? new Request(request.url) : request);
  return json({ error: errors.shop && messages[errors.shop] });
}

const messages = {
  [LoginErrorType.MissingShop]: "Enter your shop's domain.",
  [LoginErrorType.InvalidShop]: "This is no shop's domain. It ends with .myshopify.com.",
};

async function isForm(request: Request): Promise<boolean> {
  try {
    await request.formData();
    return true;
  } catch {
    return false;
  }
}

export { logIn as action, logIn as loader };

export default function Login() {
  const loaded = useLoaderData<typeof logIn>();
  const posted = useActionData<typeof logIn>();
  return (
    <PlainPage title="Log in">
      <LoginForm error={(posted ?? loaded).error} />
    </PlainPage>
  );
}
