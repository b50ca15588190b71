import { z } from "zod";
import type { Day } from "../day";
import { type Engine, perEngine } from "../engine.server";
import { queryRow } from "../query.server";

const schema = z.object({ day: z.string().nullable() });

/** The first end of an index each. A marked day without a row yet has data as often as not. */
const statement = perEngine(
  ({ names: { daily, marks } }) => `
select to_char(
  least(
    (select min(a.date) from ${daily} a where a.shop_id = :shopId),
    (select min(m.date) from ${marks} m where m.shop_id = :shopId)
  ),
  'YYYY-MM-DD'
) as day`,
);

/** The first day of a shop that has a daily row or waits for one, or null where there is none. */
export async function readFirstDay(engine: Engine, shopId: string): Promise<Day | null> {
  const { day } = await queryRow(engine, schema, statement(engine), { shopId });
  return day as Day | null;
}
