import { z } from "zod";
import { type Engine, perEngine, type Statements } from "./engine.server";

/** The values of a statement's parameters, by name. */
export type Values = Record<string, unknown>;

/**
 * Runs a statement in which `:name` stands for a value, and checks each of its rows. `shopId`, `shopIds`, `afterShopId`
 * and `untilShopId` have the type of the host's shop ids; every other parameter is cast where it stands, as in
 * `:limit::int`.
 *
 * @throws ZodError where a row is not as `schema` says; else what the database throws.
 */
export async function queryRows<Row>(
  engine: Engine,
  schema: z.ZodType<Row>,
  sql: string,
  values: Values = {},
  client: Statements = engine.db,
): Promise<Row[]> {
  const { text, values: list } = compile(engine, sql, values);
  const rows = await client.$queryRawUnsafe<unknown[]>(text, ...list);
  return rows.map((row) => schema.parse(row));
}

/**
 * The same of a statement that answers with one row.
 *
 * @throws Error where it answers with none.
 */
export async function queryRow<Row>(
  engine: Engine,
  schema: z.ZodType<Row>,
  sql: string,
  values: Values = {},
  client: Statements = engine.db,
): Promise<Row> {
  const [row] = await queryRows(engine, schema, sql, values, client);
  if (row === undefined) throw new Error(`A statement answered with no row: ${sql.trim().slice(0, 80)}`);
  return row;
}

/** Runs a statement with named parameters and returns the number of rows that it wrote. */
export async function execute(
  engine: Engine,
  sql: string,
  values: Values = {},
  client: Statements = engine.db,
): Promise<number> {
  const { text, values: list } = compile(engine, sql, values);
  return client.$executeRawUnsafe(text, ...list);
}

type Compiled = { text: string; names: string[] };

/** Statements are constants of the code, so each is put into PostgreSQL's own form once. */
const compiled = perEngine(() => new Map<string, Compiled>());

const shopParameters: Record<string, string> = { shopId: "", afterShopId: "", untilShopId: "", shopIds: "[]" };

/** A statement in PostgreSQL's own form, `$1` and so on, with the values in that order. */
export function compile(engine: Engine, sql: string, values: Values): { text: string; values: unknown[] } {
  const { text, names } = number(engine, sql);
  return { text, values: pick(names, values) };
}

function number(engine: Engine, sql: string): Compiled {
  const known = compiled(engine).get(sql);
  if (known) return known;
  const { shopType } = engine.names;
  const names: string[] = [];
  // Neither a cast, "::int", nor a time's format, "HH24:MI".
  const text = sql.replaceAll(/(?<![:\w]):([a-z]\w*)/gi, (_, name: string) => {
    if (!names.includes(name)) names.push(name);
    const array = shopParameters[name];
    const position = `$${names.indexOf(name) + 1}`;
    if (array === undefined) return position;
    // As text first: a driver has its own ideas of how other types are written.
    return shopType === "text" ? `${position}::text${array}` : `${position}::text${array}::${shopType}${array}`;
  });
  compiled(engine).set(sql, { text, names });
  return { text, names };
}

/** Where a statement of several shops asks for :shopId it is one of a shard's, about a single shop. */
function pick(
  names: string[],
  { shopIds, shopId = Array.isArray(shopIds) ? shopIds[0] : undefined, ...others }: Values,
) {
  const values: Values = { ...others, shopIds, shopId };
  return names.map((name) => {
    const value = values[name];
    if (value === undefined) throw new Error(`The statement's parameter :${name} has no value.`);
    return value;
  });
}

/** An instant, a timestamp that holds UTC, in SQL as ISO 8601 with milliseconds and Z. */
export function toIsoSql(timestamp: string): string {
  return `to_char(${timestamp}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** The database's clock, by which ledger and change log are timed: those of the processes may differ. */
export async function readClock(engine: Engine, client?: Statements): Promise<Date> {
  const { now } = await queryRow(
    engine,
    z.object({ now: z.date() }),
    "select timezone('utc', now())::timestamp(3) as now",
    {},
    client,
  );
  return now;
}
