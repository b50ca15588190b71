import { Form } from "@remix-run/react";
import { Button, FormLayout, TextField } from "@shopify/polaris";
import { useState } from "react";

/** Asks for the shop's domain and goes to where Shopify lets its owner open, or install, the app. */
export function LoginForm({ error }: { error?: string }) {
  const [shop, setShop] = useState("");
  return (
    <Form method="post" action="/auth/login">
      <FormLayout>
        <TextField
          type="text"
          name="shop"
          label="Shop domain"
          helpText="For example my-shop.myshopify.com"
          value={shop}
          onChange={setShop}
          autoComplete="on"
          error={error}
        />
        <Button submit>Log in</Button>
      </FormLayout>
    </Form>
  );
}
