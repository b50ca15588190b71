import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { Field, Send } from "~/components/operator/fields";
import styles from "~/components/operator/operator.module.css";
import { Notice } from "~/components/operator/parts";
import { PlainShell } from "~/components/operator/shell";
import { loadLogin, logIn } from "~/operator/login.server";

const title = "Operator's page";

export const meta: MetaFunction = () => [{ title: `${title}: log in` }];

export const loader = ({ request }: LoaderFunctionArgs) => loadLogin(request);

export const action = ({ request }: ActionFunctionArgs) => logIn(request);

/** Asks for the admin token. It goes in the body of the form, and is in no address. */
export default function Login() {
  const { isConfigured, to } = useLoaderData<typeof loader>();
  const failed = useActionData<typeof action>();
  return (
    <PlainShell title={title}>
      {isConfigured ? (
        <section className={styles.panel}>
          <Form method="post" className={styles.form} noValidate>
            <input type="hidden" name="to" value={to} />
            {/* What a password manager keeps the token by. */}
            <input type="text" name="username" value="operator" autoComplete="username" readOnly hidden />
            <Field
              name="token"
              label="Admin token"
              type="password"
              hint="What ADMIN_TOKEN is set to on the server. The session lasts 12 hours."
              error={failed?.error}
              autoComplete="current-password"
              isWide
            />
            <div className={styles.buttons}>
              <Send isPrimary>Log in</Send>
            </div>
          </Form>
        </section>
      ) : (
        <Notice tone="warning" title="This page is closed.">
          <p>ADMIN_TOKEN is not set on the server, so nobody can log in. Set it and restart the server.</p>
        </Notice>
      )}
    </PlainShell>
  );
}
