import { z } from "zod";
import { type Engine, perEngine, type Statements } from "./engine.server";
import { toStatementName } from "./statement-name";
import { type StatementAttributes, toStatementAttributes, traceStatement } from "./tracing.server";

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
  const { text, values: list, name, attributes } = compile(engine, sql, values);
  const rows = await traceStatement(name, attributes, () => client.$queryRawUnsafe<unknown[]>(text, ...list));
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
  const { text, values: list, name, attributes } = compile(engine, sql, values);
  return traceStatement(name, attributes, () => client.$executeRawUnsafe(text, ...list));
}

/** `names`: the parameters in the order of their numbers. `name` and `attributes`: what a trace says of the statement. */
type Compiled = { text: string; names: string[]; name: string; attributes: StatementAttributes };

/** Statements are constants of the code, so each is put into PostgreSQL's own form once. */
const compiled = perEngine(() => new Map<string, Compiled>());

const shopParameters: Record<string, string> = { shopId: "", afterShopId: "", untilShopId: "", shopIds: "[]" };

/** A statement in PostgreSQL's own form, `$1` and so on, with the values in that order. */
export function compile(engine: Engine, sql: string, values: Values): Omit<Compiled, "names"> & { values: unknown[] } {
  const { names, ...statement } = number(engine, sql);
  return { ...statement, values: pick(names, values) };
}

/** The tables that a statement's name in a trace may name. */
const namedTables = perEngine(({ names: { shopType: _type, ...names }, definition: { shops, sources } }) => {
  const ofSources = Object.values(sources).map(({ table }) => table);
  return new Set([...Object.values(names), shops.table, ...ofSources]);
});

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
  const name = toStatementName(sql, namedTables(engine));
  const statement = { text, names, name, attributes: toStatementAttributes(name) };
  compiled(engine).set(sql, statement);
  return statement;
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
