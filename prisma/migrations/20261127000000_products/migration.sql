-- Titles and pictures of products, as Shopify last told them, so that a page of numbers does not wait for Shopify.
-- It holds only products that a page has shown. A host app with a table of products of its own does not need it.

create table shop_products (
  shop_id text not null,
  product_id text not null,
  title text,
  image_url text,
  image_alt text,
  changed_at timestamp(3),
  fetched_at timestamp(3) not null default timezone('utc', now()),
  deleted_at timestamp(3),
  constraint shop_products_pkey primary key (shop_id, product_id),
  constraint shop_products_shop_id_fkey foreign key (shop_id)
    references shops (id) on delete cascade on update cascade
);
