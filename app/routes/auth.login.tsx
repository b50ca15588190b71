import { type ActionFunctionArgs, json, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import polarisStyles from "@shopify/polaris/build/esm/styles.css?url";
import { LoginForm } from "~/components/login-form";
import { PlainPage } from "~/components/plain-page";
import { isShopDomain } from "~/http/shop-domain.server";
import { login } from "~/shopify.server";

export const links = () => [{ rel: "stylesheet", href: polarisStyles }];

export const meta: MetaFunction = () => [{ title: "Log in" }];

/** With a shop, in the query or posted, `login` throws the redirect to Shopify. It sees no more than a domain. */
async function logIn({ request }: LoaderFunctionArgs | ActionFunctionArgs) {
  const asked = new URL(request.url).searchParams.get("shop");
  const isOpened = request.method === "GET" || request.method === "HEAD";
  if (isOpened && !asked) {
    await login(new Request(new URL("/auth/login", request.url)));
    return json<{ error?: string }>({});
  }
  const shop = asked || (await readPostedShop(request));
  if (!shop) return json({ error: "Enter your shop's domain." }, shop === null ? 400 : 200);
  const name = shop
    .trim()
    .replace(/^https?:\/\//i, "")
    .replace(/\/$/, "");
  const domain = name.includes(".") ? name : `${name}.myshopify.com`;
  if (isShopDomain(domain)) await login(new Request(new URL(`/auth/login?shop=${domain}`, request.url)));
  return json({ error: "This is no shop's domain. It ends with .myshopify.com." });
}

/** The field of a form, empty where it is left out, or null where the body is no form. */
async function readPostedShop(request: Request): Promise<string | null> {
  try {
    return String((await request.formData()).get("shop") ?? "");
  } catch {
    return null;
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
