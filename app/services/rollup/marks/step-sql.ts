import type { Engine } from "../engine.server";

/**
 * The relation `marked` (shop_id): marked shops in order. It steps from shop to shop along the index, so the cost follows
 * the shops and not their marks. `within` narrows the marks `i`.
 */
export function stepThroughShops({ names }: Engine, { first = "true", each = "true" } = {}): string {
  return `marked as (
  (
    select i.shop_id
    from ${names.marks} i
    where ${first}
      and ${each}
    order by i.shop_id
    limit 1
  )
  union all
  select n.shop_id
  from marked m
  cross join lateral (
    select i.shop_id
    from ${names.marks} i
    where i.shop_id > m.shop_id
      and ${each}
    order by i.shop_id
    limit 1
  ) n
)`;
}
