import { z } from "zod";
import { env } from "~/env.server";

const customDomain = env.SHOP_CUSTOM_DOMAIN?.toLowerCase();

/** Endings of a shop's own domain: Shopify's, that of its test environments, and what the CLI may set. */
export const shopDomainEndings = ["myshopify.com", "myshopify.io", "shop.dev", ...(customDomain ? [customDomain] : [])];

/**
 * The domain in the case that the database keeps, or null where it can't be a shop's: a name and one of the endings,
 * and nothing that a header could not hold. Whatever names a shop from outside comes through here.
 */
export function toShopDomain(text: string | null): string | null {
  const domain = text?.toLowerCase() ?? "";
  const [name = "", ...rest] = domain.split(".");
  const isDomain =
    domain.length <= 255 && /^[a-z0-9][a-z0-9_-]*$/.test(name) && shopDomainEndings.includes(rest.join("."));
  return isDomain ? domain : null;
}

/** A shop's domain in a query or a form. */
export const shopDomainSchema = z
  .string()
  .transform(toShopDomain)
  .refine((domain) => domain !== null, "must be a shop's myshopify.com domain");
