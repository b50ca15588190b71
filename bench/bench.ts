import type pg from "pg";
import type { TestServer } from "../tests/setup/server";
import type { App } from "./app";
import { loadData } from "./data";
import type { Options, Sizes } from "./options";
import type { Finding } from "./report";
import type { BenchDatabase } from "./server";

/** What every row has at hand. */
export type Bench = {
  options: Options;
  sizes: Sizes;
  server: TestServer;
  /** The database of the 2,000 shops, which `app` is on. `sql` is a plain connection to it. */
  main: BenchDatabase;
  sql: pg.Client;
  app: App;
  report: (finding: Finding) => void;
};

/** Rows of the table that are measured together, on the data of the 2,000 shops if `needsData`. */
export type Theme = { rows: string[]; needsData: boolean; measure: (bench: Bench) => Promise<void> };

/** True when the row was asked for. */
export function isWanted({ options }: Pick<Bench, "options">, row: string): boolean {
  return options.only === null || options.only.has(row);
}

/** The 2,000 shops, and beside the rollup an equal table for what is written by hand. */
export async function loadMain({ sql, sizes }: Pick<Bench, "sql" | "sizes">): Promise<void> {
  await loadData(sql, sizes);
  await sql.query(`
create schema bench;
create table bench.daily (like testimonial_daily_analytics including all);
alter table bench.daily add foreign key (shop_id) references shops (id) on delete cascade on update cascade;
insert into bench.daily select * from testimonial_daily_analytics order by date, shop_id;
create table bench.days (shop_id text, date date, primary key (shop_id, date));`);
  await sql.query("vacuum (analyze)");
}

/** What the rows before have marked is recounted, and what they have written is vacuumed, as autovacuum would. */
export async function rest({ app, sql }: Pick<Bench, "app" | "sql">): Promise<void> {
  await app.drainMarks(Number.POSITIVE_INFINITY);
  await sql.query("vacuum (analyze)");
}

/** Puts `count` days of all shops and two years into bench.days, others in each round. */
export async function pickDays(sql: pg.Client, count: number, round: number): Promise<number> {
  await sql.query("truncate bench.days");
  const { rowCount } = await sql.query(
    `insert into bench.days
    select a.shop_id, a.date
    from testimonial_daily_analytics a
    order by hashtextextended(a.shop_id || a.date, $2::bigint)
    limit $1::int`,
    [count, round],
  );
  await sql.query("analyze bench.days");
  return rowCount ?? 0;
}
