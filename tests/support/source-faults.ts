import { db } from "~/db.server";
import type { TestShop } from "./shops";

/**
 * Makes each count of this shop's testimonials raise, as one row does where a host app has put a view in the table's
 * place and the view can't convert it. Writes go to `testimonial_submissions_kept`. Returns the cure.
 */
export async function poisonCount(shop: TestShop): Promise<() => Promise<void>> {
  const columns = await db.$queryRawUnsafe<{ name: string }[]>(
    `select column_name::text as name from information_schema.columns
     where table_schema = 'public' and table_name = 'testimonial_submissions' order by ordinal_position`,
  );
  const selected = columns.map(({ name }) =>
    name === "submitted_at" ? "read_instant(shop_id, submitted_at) as submitted_at" : name,
  );
  await execute(
    `create function read_instant(shop_id text, at timestamp(3)) returns timestamp(3) language plpgsql as $$
     begin
       if shop_id = '${shop.id}' then raise exception 'not an instant: 2026-02-30'; end if;
       return at;
     end $$`,
    "alter table testimonial_submissions rename to testimonial_submissions_kept",
    `create view testimonial_submissions as select ${selected.join()} from testimonial_submissions_kept`,
  );
  return () =>
    execute(
      "drop view testimonial_submissions",
      "drop function read_instant",
      "alter table testimonial_submissions_kept rename to testimonial_submissions",
    );
}

async function execute(...statements: string[]): Promise<void> {
  await db.$transaction(async (tx) => {
    for (const statement of statements) await tx.$executeRawUnsafe(statement);
  });
}
