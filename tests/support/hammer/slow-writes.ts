import { waitFor } from "../wait";
import { runSql } from "../writers";
import { type Session, withSession } from "./session";

/**
 * Makes one in five writes of a daily row take up to 100 ms, so that much happens between a count and its write, and a
 * later recount may overtake. Returns the cure.
 */
export function slowWrites(): Promise<() => Promise<void>> {
  return beforeWrites("slow_writes", "true", "pg_sleep(case when random() < 0.2 then 0.1 * random() else 0 end)");
}

const lockKey = 20_261_122;

/**
 * Holds each recount that is about to store `requestsSent` for the shop: it has counted, and has written nothing. Other
 * values pass. `work` can wait until one is held, and everything goes on when it ends.
 */
export async function holdWrites(
  { shopId, requestsSent }: { shopId: string; requestsSent: number },
  work: (untilHeld: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const condition = `new.shop_id = '${shopId}' and new.requests_sent = ${requestsSent}`;
  const cure = await beforeWrites("hold_writes", condition, `pg_advisory_xact_lock_shared(${lockKey})`);
  await withSession(async (holder) => {
    await holder.query("select pg_advisory_lock($1)", [lockKey]);
    await work(() => waitFor("a recount to be held", () => isOneHeld(holder)));
  });
  await cure();
}

async function beforeWrites(name: string, condition: string, action: string): Promise<() => Promise<void>> {
  await runSql(
    `create function ${name}() returns trigger language plpgsql as $$ begin perform ${action}; return new; end $$`,
  );
  await runSql(
    `create trigger ${name} before insert on testimonial_daily_analytics
     for each row when (${condition}) execute function ${name}()`,
  );
  return () => runSql(`drop function ${name} cascade`);
}

async function isOneHeld(session: Session): Promise<boolean> {
  const { rows } = await session.query(
    `select from pg_locks l join pg_database d on d.oid = l.database
     where d.datname = current_database() and l.locktype = 'advisory' and not l.granted`,
  );
  return rows.length > 0;
}
