import { GraphqlQueryError, HttpResponseError } from "@shopify/shopify-api";
import { z } from "zod";
import { openAdmin } from "~/shopify.server";

/** Shopify refuses a question because the app lacks a scope. The message is Shopify's. */
export class MissingScope extends Error {}

/**
 * Asks the Admin API of a shop that has the app, by its stored session.
 *
 * @throws MissingScope, or another Error where there is no session, Shopify is away or refuses, or a part of the answer
 * is an error.
 */
export async function queryAdmin(
  shopDomain: string,
  query: string,
  variables: Record<string, unknown>,
): Promise<unknown> {
  try {
    const { admin } = await openAdmin(shopDomain);
    const response = await admin.graphql(query, { variables });
    return (await response.json()).data;
  } catch (error) {
    if (error instanceof GraphqlQueryError && isAccessDenied(error)) throw new MissingScope(error.message);
    // The library's own message ends with the whole of Shopify's answer.
    if (error instanceof HttpResponseError) throw new Error(`Shopify answered ${error.response.code}.`);
    throw error;
  }
}

const errorsSchema = z.object({
  errors: z.object({
    graphQLErrors: z.array(z.object({ extensions: z.object({ code: z.string().nullish() }).nullish() })),
  }),
});

function isAccessDenied({ body }: GraphqlQueryError): boolean {
  const { data } = errorsSchema.safeParse(body);
  return data?.errors.graphQLErrors.some(({ extensions }) => extensions?.code === "ACCESS_DENIED") ?? false;
}
