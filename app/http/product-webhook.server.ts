import { z } from "zod";
import { toShopifyId } from "~/services/product.server";
import { toInstant } from "./webhook.server";

const idFields = {
  id: z.union([z.number(), z.string()], { error: "must be a product's number" }).nullish(),
  admin_graphql_api_id: z.string({ error: "must be a product's id" }).nullish(),
};

type Ids = { id?: string | number | null; admin_graphql_api_id?: string | null };

/** Newer payloads have Shopify's id itself; the number alone is in all of them. */
function toProductId({ id, admin_graphql_api_id: wholeId }: Ids, context: z.RefinementCtx): string {
  const productId = toShopifyId(wholeId ?? id ?? "");
  if (productId !== null) return productId;
  context.addIssue({ code: "custom", path: ["id"], message: "must be a product's number" });
  return z.NEVER;
}

const imageSchema = z.object(
  { src: z.string({ error: "must be an address" }), alt: z.string({ error: "must be a text" }).nullish() },
  { error: "must be a picture" },
);

/** What a products/delete webhook says: the product's id at Shopify. */
export const deletedProductSchema = z.object(idFields).transform(toProductId);

/**
 * What a products/update webhook says. `changedAt` is null where it does not say when, and `picture` undefined where it
 * does not say which.
 */
export const updatedProductSchema = z
  .object({
    ...idFields,
    title: z.string({ error: "must be a text" }),
    updated_at: z.string({ error: "must be an instant" }).nullish(),
    image: imageSchema.nullish(),
    images: z.array(imageSchema, { error: "must be a list of pictures" }).nullish(),
  })
  .transform(({ title, updated_at: updatedAt, image, images, ...ids }, context) => {
    const first = image ?? images?.[0];
    const isSilent = image === undefined && images == null;
    return {
      productId: toProductId(ids, context),
      title,
      changedAt: toInstant(updatedAt ?? null),
      picture: isSilent ? undefined : { imageUrl: first?.src ?? null, imageAlt: first?.alt ?? null },
    };
  });
