import { z } from "zod";
import type { Day } from "../day";
import { toChecksum } from "../definition/seal-sql";
import { type Engine, perEngine, type Statements } from "../engine.server";
import { execute, queryRows } from "../query.server";
import { toRedundantFilter, toShopFilter } from "../recount/count-sql";
import type { Sealed } from "./sealed";

const daySchema = z
  .string()
  .nullable()
  .transform((day) => day as Day | null);

/** How many daily rows there are before a day, and the checksum over them. */
const digestSchema = z.object({ rows: z.number(), checksum: z.string() });

export const sealSchema = z.object({
  shopId: z.string(),
  sealedUntil: daySchema,
  purgedUntil: daySchema,
  isFailing: z.boolean(),
  /** The seal, where there is one, what its rows are now, and what a seal up to the asked day would hold. */
  sealed: z.object({ rows: z.number().nullable(), checksum: z.string().nullable() }),
  found: digestSchema,
  asked: digestSchema,
});

/** What is kept of a shop's sealed days. */
export type Seal = z.infer<typeof sealSchema>;

/** The seals of these shops, beside what a seal of the days before `until` would hold; without it, beside nothing. */
export function readSeals(engine: Engine, shopIds: string[], until: Day | null, client?: Statements): Promise<Seal[]> {
  return queryRows(engine, sealSchema, readStatement(engine), { shopIds, until }, client);
}

const readStatement = perEngine((engine) => selectSeals(engine));

/** Selects the seals of :shopIds, beside what one of the days before :until would hold, and `more` columns of each shop `r`. */
export function selectSeals(engine: Engine, more: Record<string, string> = {}): string {
  const { daily, shops } = engine.names;
  const digest = (filter: string) => `json_build_object(
      'rows', count(a.date) filter (where ${filter}),
      'checksum', ${toChecksum(engine.definition, filter)}
    )`;
  const columns = {
    shopId: "r.shop_id::text",
    sealedUntil: "to_char(r.sealed_until, 'YYYY-MM-DD')",
    purgedUntil: "to_char(r.purged_until, 'YYYY-MM-DD')",
    isFailing: "r.failing_since is not null",
    sealed: "json_build_object('rows', r.sealed_rows, 'checksum', r.sealed_checksum)",
    found: "a.found",
    asked: "a.asked",
    ...more,
  };
  return `
select
  ${Object.entries(columns)
    .map(([name, column]) => `${column} as "${name}"`)
    .join(",\n  ")}
from ${shops} r
cross join lateral (
  select
    ${digest("a.date < r.sealed_until")} as found,
    ${digest("a.date < :until::date")} as asked
  from ${daily} a
  where a.shop_id = r.shop_id
    ${toRedundantFilter(engine)("a")}
    and a.date < greatest(:until::date, r.sealed_until)
) a
where ${toShopFilter(engine)("r")}`;
}

/** True where the sealed rows are as they were sealed, or nothing is. */
export function isIntact({ sealedUntil, sealed, found }: Seal): boolean {
  return sealedUntil === null || (sealed.rows === found.rows && sealed.checksum === found.checksum);
}

/** Up to which day these shops are sealed. */
export async function listSealed(engine: Engine, shopIds: string[]): Promise<Sealed> {
  const schema = z.object({ shopId: z.string(), sealedUntil: z.string() });
  const rows = await queryRows(engine, schema, listStatement(engine), { shopIds });
  return new Map(rows.map(({ shopId, sealedUntil }) => [shopId, sealedUntil as Day]));
}

const listStatement = perEngine(
  (engine) => `
select r.shop_id::text as "shopId", to_char(r.sealed_until, 'YYYY-MM-DD') as "sealedUntil"
from ${engine.names.shops} r
where ${toShopFilter(engine)("r")}
  and r.sealed_until is not null`,
);

/** Seals a locked shop's days before `until`, as `asked` of its seal says, or none of them. */
export async function writeSeal(
  engine: Engine,
  tx: Statements,
  shopId: string,
  seal: { until: Day; rows: number; checksum: string } | null,
): Promise<void> {
  const { until, rows, checksum } = seal ?? { until: null, rows: null, checksum: null };
  await execute(engine, writeStatement(engine), { shopId, until, rows, checksum }, tx);
}

const writeStatement = perEngine(
  ({ names }) => `
update ${names.shops} r
set sealed_until = :until::date,
  sealed_rows = :rows::int,
  sealed_checksum = :checksum::text
where r.shop_id = :shopId`,
);
