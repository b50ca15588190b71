import { db } from "~/db.server";
import type { TestShop } from "./shops";

/** Makes each write of a daily row of this shop fail, as a broken row or constraint would. Returns the cure. */
export async function poison(shop: TestShop): Promise<() => Promise<void>> {
  const name = `poison_${shop.id.replaceAll("-", "_")}`;
  await db.$executeRawUnsafe(
    `create function ${name}() returns trigger language plpgsql as $$ begin raise exception 'poisoned on purpose'; end $$`,
  );
  for (const [operation, row] of [
    ["insert", "new"],
    ["update", "new"],
    ["delete", "old"],
  ]) {
    await db.$executeRawUnsafe(
      `create trigger ${name}_${operation} before ${operation} on testimonial_daily_analytics
       for each row when (${row}.shop_id = '${shop.id}') execute function ${name}()`,
    );
  }
  return async () => {
    await db.$executeRawUnsafe(`drop function ${name} cascade`);
  };
}

/** Runs statements that no trigger sees, as a restored dump or a replication worker would. */
export async function bypassTriggers(...statements: string[]): Promise<void> {
  await db.$transaction(async (tx) => {
    await tx.$executeRawUnsafe("set local session_replication_role = replica");
    for (const statement of statements) await tx.$executeRawUnsafe(statement);
  });
}
