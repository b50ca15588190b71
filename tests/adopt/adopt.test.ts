import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { toLedgerEntry } from "../../cli/install/ledger";
import { openTestServer, type TestServer, toDatabaseUrl } from "../setup/server";
import { cron } from "../support/call";
import { ask, getRangeSum, getRebuild, postRebuild, postRollup, untilAnswer } from "../support/http";
import type { Query } from "../support/process-databases";
import { browser, signSessionToken, storeOfflineSession } from "../support/session-token";
import { type AppKind, type AppUnderTest, installReactRouter, makeAppFolder } from "./support/app-folder";
import { type DocumentStep, readDocument } from "./support/document";
import { countReviews, type Reviews, reviewsOf } from "./support/reviews";

// docs/adopt.md, word for word, in an app of the shape of either of Shopify's templates: its commands are run, its file is
// written, and the app's own names, types and rows are others than this project's.

const document = readDocument("docs/adopt.md");
const second = readDocument("docs/second-rollup.md");
const range = "from=2026-04-01&to=2026-05-30&series=1";
const { shops } = reviewsOf.remix;

let folder: string;
let server: TestServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "adopt-server-"));
  server = await openTestServer(folder);
  installReactRouter();
}, 120_000);
afterAll(async () => {
  for (const pool of pools) await pool.end();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

type Adoption = {
  kind: AppKind;
  app: AppUnderTest;
  query: Query;
  reviews: Reviews;
  running?: Awaited<ReturnType<AppUnderTest["start"]>>;
};

const pools: pg.Pool[] = [];

async function makeDatabase(): Promise<{ url: string; query: Query }> {
  const name = `adopt_${randomUUID().replaceAll("-", "")}`;
  await server.createDatabase(name);
  const url = toDatabaseUrl(server.url, name);
  const pool = new pg.Pool({ connectionString: url, max: 2, options: "-c TimeZone=UTC" });
  pool.on("error", () => undefined);
  pools.push(pool);
  return { url, query: async (sql, values) => (await pool.query(sql, values)).rows };
}

/** The app before, with rows, and the sessions of the merchants who have installed it. */
async function makeAdoption(kind: AppKind): Promise<Adoption> {
  const { url, query } = await makeDatabase();
  const app = makeAppFolder(kind, url);
  await migrateBefore(app, query);
  const reviews = reviewsOf[kind];
  await query(reviews.fill);
  for (const shop of [...shops, "new.myshopify.com"]) await storeOfflineSession(query, shop);
  return { kind, app, query, reviews };
}

/** Takes the app's own migration as Prisma does, which would take seconds for it. */
async function migrateBefore({ read }: AppUnderTest, query: Query): Promise<void> {
  const migration = {
    name: "20260101000000_reviews",
    text: read("prisma/migrations/20260101000000_reviews/migration.sql"),
  };
  await query(`
    create table _prisma_migrations (
      id varchar(36) primary key not null, checksum varchar(64) not null, finished_at timestamptz,
      migration_name varchar(255) not null, logs text, rolled_back_at timestamptz,
      started_at timestamptz not null default now(), applied_steps_count integer not null default 0
    );
    ${migration.text}
    ${toLedgerEntry(migration)}`);
}

const project = process.cwd();

/** Does what a step of the page says. */
async function follow(adoption: Adoption, step: DocumentStep): Promise<string> {
  const { app } = adoption;
  if (step.kind === "file") {
    app.write(step.path, adoption.kind === "remix" ? toRemix(step.text) : step.text);
    return "";
  }
  const { command, place } = step;
  if (command.startsWith("export ")) return expectVariables(app, command);
  if (command === "npm install") {
    app.link();
    return "";
  }
  if (command === "npm start") {
    adoption.running = await app.start();
    return "";
  }
  const here = command
    .replace("../my-app", app.folder)
    .replace("localhost:3000", adoption.running?.url ?? "localhost:3000");
  return app.sh(here, place === "project" ? project : app.folder);
}

/** The page's own table says what is another name there. */
function toRemix(text: string): string {
  let remix = text;
  for (const cells of document.rows) {
    const [reactRouter = "", ours = ""] = cells.map((cell) => /^`(.+?)`/.exec(cell)?.[1] ?? "");
    if (/^(import|return) /.test(reactRouter)) remix = remix.replace(reactRouter, ours);
  }
  return remix.replace(/(import type \{ .* \} from) "react-router"/, '$1 "@remix-run/node"');
}

/** These are set for the app already. */
function expectVariables({ env }: AppUnderTest, command: string): string {
  for (const [, name = ""] of command.matchAll(/\b([A-Z_]+)=/g)) expect(Object.keys(env)).toContain(name);
  return "";
}

/** What the file says of text columns is a guess, which the fourth step corrects. */
async function writeMigration(adoption: Adoption, step: DocumentStep): Promise<void> {
  if (adoption.kind === "remix") {
    await follow(adoption, step);
    return;
  }
  const refusal = await follow(adoption, step).catch((error: Error) => error.message);
  const wrong = [...refusal.matchAll(/^(\S+) holds no '(\w+)', but '(\w+)'/gm)].map(([, ...parts]) => parts);
  expect(wrong.sort()).toEqual([
    ["review_request_events.event_type", "clicked", "CLICKED"],
    ["review_request_events.event_type", "opened", "OPENED"],
    ["reviews.media_type", "photo", "PHOTO"],
    ["reviews.media_type", "video", "VIDEO"],
  ]);
  expect(readdirSync(join(adoption.app.folder, "prisma/migrations"))).toHaveLength(2);
  const path = "app/testimonial-rollup.ts";
  let text = adoption.app.read(path);
  for (const [, guess, value] of wrong) text = text.replaceAll(`"${guess}"`, `"${value}"`);
  adoption.app.write(path, text);
  await follow(adoption, step);
}

async function expectExact({ query, reviews, running }: Adoption, { isClean }: { isClean: boolean }): Promise<void> {
  for (const domain of shops) {
    const series = await countReviews(query, reviews, domain);
    const { status, body } = await getRangeSum({ url: running?.url ?? "" }, domain, range);
    const totals = reviews.metrics.map((name) => [name, series.reduce((sum, day) => sum + Number(day[name]), 0)]);
    expect({ status, series: body.series, totals: body.totals }).toEqual({
      status: 200,
      series,
      totals: Object.fromEntries(totals),
    });
    const { liveDays } = body.freshness as unknown as { liveDays: number };
    if (isClean) expect(liveDays).toBe(0);
  }
}

const isPart = (heading: string) => document.steps.filter((step) => step.heading === heading);
const numbered = document.steps.filter(({ heading }) => /^\d+\. /.test(heading));

test.concurrent.for<{ kind: AppKind; online: boolean }>([
  { kind: "remix", online: false },
  { kind: "react-router", online: true },
])("$kind: an app that follows the page counts exactly", { timeout: 240_000 }, async ({ kind, online }) => {
  const adoption = await makeAdoption(kind);
  const { app, query, reviews } = adoption;
  expect(new Set(numbered.map(({ heading }) => heading)).size).toBeGreaterThan(7);
  for (const step of numbered) {
    if (step.heading.startsWith("9. ") && kind === "remix") await takeSecond(adoption);
    if (step.heading.startsWith("6. ") && online) {
      for (const other of isPart("A database in use")) await follow(adoption, other);
    }
    // After an install online there is nothing left for it to do.
    if (step.kind === "command" && step.command.includes("--migration")) await writeMigration(adoption, step);
    else if (step.kind === "command" && step.command.startsWith("curl")) {
      await expectExact(adoption, { isClean: !step.command.includes("rollup") });
      const answer = JSON.parse((await follow(adoption, step)).replace(/^[^{]*/, "").replace(/[^}]*$/, ""));
      expect(answer).toMatchObject(
        step.command.includes("rollup")
          ? { status: "ok", remaining: 0 }
          : step.command.includes("verify")
            ? { drifted: 0 }
            : { ok: true },
      );
    } else {
      const output = await follow(adoption, step);
      if (step.kind === "command" && step.command.includes("--dry-run"))
        expect(existsSync(join(app.folder, "app/rollup.server.ts"))).toBe(false);
      if (step.kind === "command" && step.command.includes("migrate deploy")) {
        if (online) expect(output).toContain("No pending migrations");
        expect(await query(reviews.wrongApprovals)).toEqual([]);
      }
      if (step.kind === "command" && step.command === "npm run build") await app.sh("npm run --silent typecheck");
    }
  }
  if (kind === "remix") await expectSecond(adoption);
  await expectWrites(adoption);
  await expectRoutes(adoption);
  await expectSchema(adoption);
  expect(await adoption.running?.stop()).toBe(0);
});

/** docs/second-rollup.md, before the build. */
async function takeSecond(adoption: Adoption): Promise<void> {
  if (existsSync(join(adoption.app.folder, "app/order-rollup.ts"))) return;
  await adoption.query(`
    insert into orders (id, shop, total_cents, placed_at, cancelled_at)
    select n, 'orders-alone.myshopify.com', n * 10, timestamptz '2026-04-01 23:59:59Z' + n * interval '5 hours',
      case when n % 4 = 0 then timestamptz '2026-05-01 00:00Z' end
    from generate_series(1, 40) n`);
  for (const step of second.steps) await follow(adoption, step);
}

async function expectSecond({ query, running }: Adoption): Promise<void> {
  const read = () =>
    query(
      `select date::text, orders_placed, orders_cancelled, sales_cents from order_daily_exact where shop_id = $1 order by 1`,
      ["orders-alone.myshopify.com"],
    );
  const truth = await query(
    `select * from (
      select d.day::date::text as date,
        (select count(*)::int from orders o where (o.placed_at at time zone 'UTC')::date = d.day) as orders_placed,
        (select count(*)::int from orders o where (o.cancelled_at at time zone 'UTC')::date = d.day) as orders_cancelled,
        (select coalesce(sum(o.total_cents), 0)::int from orders o
         where o.cancelled_at is null and (o.placed_at at time zone 'UTC')::date = d.day) as sales_cents
      from generate_series(timestamp '2026-04-01', timestamp '2026-05-30', interval '1 day') d (day)
    ) t where greatest(orders_placed, orders_cancelled, sales_cents) > 0 order by 1`,
  );
  expect(truth.length).toBeGreaterThan(8);
  expect(await read()).toEqual(truth);
  const { body } = await ask(`${running?.url}/jobs/orders`, { method: "POST", headers: cron });
  expect(body).toMatchObject({ status: "ok", remaining: 0 });
  expect(await read()).toEqual(truth);
  expect(await query("select from order_marks")).toEqual([]);
}

/** Changes of every kind are counted before a run sees them, and stored by it. */
async function expectWrites(adoption: Adoption): Promise<void> {
  const { query, reviews } = adoption;
  const url = adoption.running?.url ?? "";
  for (const sql of reviews.changes) {
    await query(sql);
    await expectExact(adoption, { isClean: false });
  }
  expect(await query("select from reviews where status = 'APPROVED' and approved_at is null")).toEqual([]);
  expect((await postRollup({ url })).body).toMatchObject({ status: "ok", remaining: 0, failedShops: [] });
  await expectExact(adoption, { isClean: true });
  const stored = await query<{ count: number }>("select count(*)::int as count from testimonial_daily_analytics");
  expect(stored[0]?.count).toBeGreaterThan(60);
  await query(
    "update testimonial_daily_analytics set submissions_count = 99 where id = (select id from testimonial_daily_analytics limit 1)",
  );
  const verified = await ask(`${url}/jobs/verify`, { method: "POST", headers: cron });
  expect(verified.body).toMatchObject({ drifted: 1, driftedAfter: 0 });
  await expectExact(adoption, { isClean: true });
  const known = await getRangeSum({ url }, "new.myshopify.com", range);
  expect(known.body.totals).toEqual(
    Object.fromEntries(
      await countReviews(query, reviews, "new.myshopify.com").then((series) =>
        reviews.metrics.map((name) => [name, series.reduce((sum, day) => sum + Number(day[name]), 0)]),
      ),
    ),
  );
}

async function expectRoutes({ running }: Adoption): Promise<void> {
  const at = { url: running?.url ?? "" };
  const { body } = await postRebuild(at, { fromDate: "2026-04-01", toDate: "2026-05-30" });
  await untilAnswer(
    "the rebuild to end",
    () => getRebuild(at, String(body.runId)),
    (answer) => answer.body.status === ("ok" as never),
  );
  expect((await ask(`${at.url}/jobs/rollup`, { method: "POST" })).status).toBe(401);
  expect((await ask(`${at.url}/jobs/rebuild`, { method: "POST" })).status).toBe(401);
  // The answer of Shopify's library, which is a page in React Router's and another address in Remix's.
  const stranger = await ask(`${at.url}/app/range-sum?${range}`, { headers: { "User-Agent": browser } });
  expect(stranger.text).not.toMatch(/totals|requestsSent/);
  const page = await ask(`${at.url}/app/daily`, {
    headers: { "User-Agent": browser, Authorization: `Bearer ${signSessionToken(shops[0])}` },
  });
  expect({ status: page.status, text: page.text.replaceAll("<!-- -->", "") }).toMatchObject({
    status: 200,
    text: expect.stringMatching(/\d+ testimonials in 30 days/),
  });
}

/** The database is what Prisma would make of the schema, but for what a schema can't say: indexes of a part of the rows. */
async function expectSchema({ app, query }: Adoption): Promise<void> {
  const script = await app.sh(
    "npx prisma migrate diff --from-empty --to-schema-datamodel prisma/schema.prisma --script 2>/dev/null",
  );
  const twin = await makeDatabase();
  for (const prefix of ["rollup", "order"]) {
    await twin.query(`create function ${prefix}_uuid() returns uuid language sql as 'select gen_random_uuid()'`);
  }
  await twin.query(script);
  expect(await describeTables(query)).toEqual(await describeTables(twin.query));
}

async function describeTables(query: Query): Promise<unknown> {
  return {
    columns: await query(`
      select c.relname, a.attname, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull, a.atthasdef
      from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname not like '\\_%'
      order by 1, 2`),
    indexes: await query(`
      select indexname, indexdef from pg_indexes
      where schemaname = 'public' and tablename not like '\\_%' and indexdef not like '% WHERE %'
      order by 1`).then((rows) =>
      rows.map((row) => JSON.stringify(row).replace(/ WITH \(fillfactor[^)]*\)| INCLUDE \([^)]*\)/, "")),
    ),
    keys: await query(`
      select conrelid::regclass::text as table, conname, pg_get_constraintdef(oid) as definition
      from pg_constraint
      where connamespace = 'public'::regnamespace and contype in ('p', 'f', 'u') and conrelid::regclass::text not like '\\_%'
      order by 1, 2`),
  };
}
