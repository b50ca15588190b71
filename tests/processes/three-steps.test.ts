import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cron } from "../support/call";
import { ask, getRangeSum, getRebuild, postRebuild, postRollup, untilAnswer } from "../support/http";
import { countDays, readSourceRows } from "../support/oracle";
import { makeServerDatabase, type Query } from "../support/process-databases";
import { copyProject, type ProjectCopy } from "../support/project-copy";
import { type ServerProcess, startServer } from "../support/server-process";
import { browser, signSessionToken, storeOfflineSession } from "../support/session-token";

// "A new metric in three steps", docs/new-metric.md, word for word, for three metrics, on a server that has data and daily rows
// already. What they should be is counted here, in plain arrays.

type Request = { id: string; sentAt: string };
type Event = { id: string; request: string; type: string; at: string };
type Submission = { id: string; at: string; rating: number | null; verified: boolean };
type World = { requests: Request[]; events: Event[]; submissions: Submission[] };
type NewCounts = { requestsOpened: number; ratingSum: number; verifiedCount: number };

const oldNames = [
  "requestsSent",
  "requestsClicked",
  "submissionsCount",
  "approvedCount",
  "publishedCount",
  "videoSubmissionsCount",
  "photoSubmissionsCount",
];
const metricNames = [...oldNames, "requestsOpened", "ratingSum", "verifiedCount"];

const shopId = "shop-1";
const domain = "shop-1.myshopify.com";
const now = Date.now();
/** An instant of the day so many days ago. */
const at = (days: number, time = "12:00:00.000") => `${toDay(days)} ${time}`;
const toDay = (days: number) => new Date(now - days * 86_400_000).toISOString().slice(0, 10);
const dayCount = 30;
const days = Array.from({ length: dayCount }, (_, index) => toDay(dayCount - 1 - index));

/** Something on most of the days, at their edges too. */
function makeWorld(): World {
  const numbers = Array.from({ length: 24 }, (_, number) => number);
  return {
    requests: numbers.map((n) => ({ id: `request-${n}`, sentAt: at(28 - n) })),
    events: numbers.flatMap((n) =>
      [
        { type: "opened", at: at(27 - n, "00:00:00.000") },
        { type: "opened", at: at(27 - n, "23:59:59.999") },
        { type: n % 2 ? "opened" : "clicked", at: at(26 - n) },
        { type: "delivered", at: at(25 - n) },
      ].map((event, index) => ({ id: `event-${n}-${index}`, request: `request-${n % 5 ? n : 0}`, ...event })),
    ),
    submissions: numbers.map((n) => ({
      id: `submission-${n}`,
      at: at(25 - (n % 12), n % 2 ? "00:00:00.000" : "23:59:59.999"),
      rating: n % 4 ? 1 + (n % 5) : null,
      verified: false,
    })),
  };
}

/** The three new metrics of a day. */
function countNew({ events, submissions }: World, day: string): NewCounts {
  const opened = events.filter((event) => event.type === "opened" && event.at.startsWith(day));
  const submitted = submissions.filter((submission) => submission.at.startsWith(day));
  return {
    requestsOpened: new Set(opened.map(({ request }) => request)).size,
    ratingSum: submitted.reduce((sum, { rating }) => sum + (rating ?? 0), 0),
    verifiedCount: submitted.filter(({ verified }) => verified).length,
  };
}

async function insertWorld(query: Query, { requests, events, submissions }: World): Promise<void> {
  const insert = (table: string, columns: string, rows: object[]) =>
    query(
      `insert into ${table} (shop_id, ${columns}) select '${shopId}', ${columns}
       from json_populate_recordset(null::${table}, $1)`,
      [JSON.stringify(rows)],
    );
  await query("insert into shops (id, domain) values ($1, $2)", [shopId, domain]);
  await storeOfflineSession(query, domain);
  await insert(
    "testimonial_requests",
    "id, sent_at",
    requests.map(({ id, sentAt }) => ({ id, sent_at: sentAt })),
  );
  await insert(
    "testimonial_request_events",
    "id, request_id, event_type, event_at",
    events.map(({ id, request, type, at }) => ({ id, request_id: request, event_type: type, event_at: at })),
  );
  await insert(
    "testimonial_submissions",
    "id, rating, submitted_at, status, media_type",
    submissions.map(({ id, rating, at }) => ({ id, rating, submitted_at: at, status: "pending", media_type: "video" })),
  );
}

/** The host's own migration, for the column that is new to the engine. */
function addColumn(copy: ProjectCopy): void {
  copy.write(
    "prisma/migrations/20261125120000_verified_buyers/migration.sql",
    "alter table testimonial_submissions add column verified boolean not null default false;\n",
  );
  copy.addAfter(
    "prisma/schema.prisma",
    "  published        Boolean   @default(false)\n",
    "  verified Boolean @default(false)\n",
  );
}

/** The first step. */
function addEntries(copy: ProjectCopy): void {
  const path = "app/testimonial-rollup.ts";
  copy.addAfter(
    path,
    "  scans: {\n",
    '    openEvents: { source: "request_events", at: "event_at", where: { event_type: "opened" } },\n',
  );
  copy.addAfter(
    path,
    '      from: { submitted: count({ media_type: "photo" }) },\n    },\n',
    `    requestsOpened: {
      column: "requests_opened",
      label: "Requests opened",
      counts: "Requests, on each UTC day with an open event.",
      from: { openEvents: countDistinct("request_id") },
    },
    ratingSum: {
      column: "rating_sum",
      label: "Sum of ratings",
      counts: "Stars of testimonials, on the UTC day they were submitted.",
      from: { submitted: sum("rating") },
    },
    verifiedCount: {
      column: "verified_count",
      label: "Verified, by submission",
      counts: "Testimonials of verified buyers, on the UTC day they were submitted.",
      from: { submitted: count({ verified: true }) },
    },
`,
  );
}

/** The rest of the second step. */
function addColumnsToSchema(copy: ProjectCopy): void {
  copy.addAfter(
    "prisma/schema.prisma",
    '  photoSubmissionsCount Int      @default(0) @map("photo_submissions_count")\n',
    `  requestsOpened Int @default(0) @map("requests_opened")
  ratingSum Int @default(0) @map("rating_sum")
  verifiedCount Int @default(0) @map("verified_count")
`,
  );
}

/** The third step. */
function addOracle(copy: ProjectCopy): void {
  const path = "tests/support/oracle.ts";
  copy.addAfter(path, "type SubmissionRow = {\n", "  verified?: boolean;\n");
  copy.addAfter(path, `select shop_id as "shopId", media_type as "mediaType",`, " verified,");
  copy.addAfter(
    path,
    '  photoSubmissionsCount: (rows) => listSubmitted(rows, ({ mediaType }) => mediaType === "photo"),\n',
    `  requestsOpened: ({ requests, events }) =>
    requests.flatMap(({ id }) => {
      const own = events.filter((event) => event.requestId === id && event.eventType === "opened");
      return [...new Set(own.map((event) => event.eventAt?.slice(0, 10) ?? null))];
    }),
  ratingSum: ({ submissions }) =>
    submissions.flatMap((row) => Array<string | null>(row.rating ?? 0).fill(row.submittedAt)),
  verifiedCount: ({ submissions }) => submissions.filter((row) => row.verified).map((row) => row.submittedAt),
`,
  );
}

/** Checks the types of these files and of all that they import. The whole project takes three times as long. */
async function checkTypes(copy: ProjectCopy, ...files: string[]): Promise<string> {
  const config = { extends: "./tsconfig.json", include: [], files: ["tests/setup/global.ts", ...files] };
  copy.write("tsconfig.some.json", JSON.stringify(config));
  return copy.run("npx tsc -p tsconfig.some.json").catch((error: Error) => error.message);
}

const deadlineMs = 300_000;

test("three new metrics, by the README's own steps, are exact from the setup on, wherever they are shown", {
  timeout: deadlineMs,
}, async () => {
  const { url, query } = await makeServerDatabase();
  const world = makeWorld();
  await insertWorld(query, world);
  const old = await startServer({ DATABASE_URL: url });
  expect((await postRollup(old)).body).toMatchObject({ status: "ok", remaining: 0 });
  await old.kill("SIGTERM");

  const copy = copyProject();
  addColumn(copy);
  addEntries(copy);
  // What the environment says goes before it, and the server reads none: it would not start with this one.
  copy.write(".env", "DATABASE_URL=postgresql://nobody@127.0.0.1:1/nowhere\nROLLUP_BUDGET_MS=never\n");
  const written = await copy.run("npm run --silent rollup -- migration three_metrics");
  expect(written).toMatch(/^Written: prisma\/migrations\/\d{14}_three_metrics\/migration\.sql\n/);
  addColumnsToSchema(copy);
  const missing = /missing the following properties.*: requestsOpened, ratingSum, verifiedCount/;
  expect(await checkTypes(copy, "tests/support/oracle.ts")).toMatch(missing);
  addOracle(copy);
  expect(await checkTypes(copy, "tests/support/histories/run.ts", "demo/main.ts", "app/rollup.server.ts")).toBe("");
  await copy.run("npm run --silent setup", { DATABASE_URL: url });
  await copy.run("npm run --silent build -- --logLevel error");
  const server = await startServer({ DATABASE_URL: url }, { project: copy.folder });

  const shown = { copy, server, query, world };
  await expectShown(shown, { isMarked: true });
  await expectRun(shown);

  const { events, submissions } = world;
  /** Changes rows in the arrays and in the database, which one statement does, and looks before any run. */
  async function change<Row extends { id: string }>(rows: Row[], set: Partial<Row>, sql: string): Promise<void> {
    for (const row of rows) Object.assign(row, set);
    await query(sql, [rows.map(({ id }) => id)]);
    await expectAnswer(shown, { isMarked: true });
  }
  const update = (table: string, set: string) => `update testimonial_${table} set ${set} where id = any($1)`;
  await change(submissions.slice(0, 9), { rating: 5 }, update("submissions", "rating = 5"));
  await change(submissions.slice(1, 2), { rating: null }, update("submissions", "rating = null"));
  await expectRun(shown);
  await change(submissions.slice(3, 4), { verified: true }, update("submissions", "verified = true"));
  await change(submissions.slice(4), { verified: true }, update("submissions", "verified = true"));
  await expectRun(shown);
  await change(submissions.slice(5, 7), { verified: false }, update("submissions", "verified = false"));
  await expectRun(shown);
  const isDelivered = events.filter(({ type }) => type === "delivered").slice(0, 3);
  await change(isDelivered, { type: "opened" }, update("request_events", "event_type = 'opened'"));
  await expectRun(shown);
  await change(events.slice(0, 2), { type: "queued" }, update("request_events", "event_type = 'queued'"));
  await change(events.slice(4, 6), { type: "clicked" }, update("request_events", "event_type = 'clicked'"));
  await expectRun(shown);
  await change(events.slice(8, 13), { request: "request-7" }, update("request_events", "request_id = 'request-7'"));
  await expectRun(shown);
  const [there, elsewhere] = [at(2, "23:59:59.999"), at(29, "00:00:00.000")];
  await change(events.slice(12, 16), { at: there }, update("request_events", `event_at = '${there}'`));
  await change(submissions.slice(6, 9), { at: elsewhere }, update("submissions", `submitted_at = '${elsewhere}'`));
  world.submissions = submissions.filter(({ id }) => id !== "submission-9");
  await change([{ id: "submission-9" }], {}, "delete from testimonial_submissions where id = any($1)");
  world.events = events.filter(({ id }) => !id.startsWith("event-20-"));
  const theirs = events.filter(({ id }) => id.startsWith("event-20-"));
  await change(theirs, {}, "delete from testimonial_request_events where id = any($1)");
  await expectShown(shown, { isMarked: true });
  await expectRun(shown);
  await expectShown(shown, { isMarked: false });

  await expectVerified(shown);
  await expectRebuilt(shown);

  const client = readFileSync(join("node_modules", ".prisma", "client", "schema.prisma"), "utf8");
  expect(client).not.toContain("verifiedCount");
});

type Shown = { copy: ProjectCopy; server: ServerProcess; query: Query; world: World };

/** Each day as it should be: the seven by the oracle of all tests, the new three by this file's. */
async function countAll({ query, world }: Shown): Promise<Record<string, string | number>[]> {
  const known = countDays(await readSourceRows(shopId, query));
  const none = Object.fromEntries(oldNames.map((name) => [name, 0]));
  return days.map((day) => ({ date: day, ...(known.get(day) ?? none), ...countNew(world, day) }));
}

function sumUp(series: Record<string, string | number>[]): Record<string, number> {
  const [first = {}] = series;
  const names = Object.keys(first).filter((name) => name !== "date");
  return Object.fromEntries(names.map((name) => [name, series.reduce((sum, day) => sum + Number(day[name]), 0)]));
}

/** The JSON answer, before any run or after one. */
async function expectAnswer(shown: Shown, { isMarked }: { isMarked: boolean }): Promise<void> {
  const series = await countAll(shown);
  const { status, body } = await getRangeSum(shown.server, domain, `from=${days[0]}&to=${days.at(-1)}&series=1`);
  expect({ status, series: body.series, totals: body.totals }).toEqual({ status: 200, series, totals: sumUp(series) });
  const { liveDays } = body.freshness as unknown as { liveDays: number };
  expect(liveDays > 0).toBe(isMarked);
}

function openPage({ server }: Shown, path: string): ReturnType<typeof ask> {
  const headers = { Authorization: `Bearer ${signSessionToken(domain)}`, "User-Agent": browser };
  return ask(`${server.url}${path}`, { headers });
}

/** The address's query of all days, of which the last is not over. */
const search = `?range=custom&from=${days[0]}&to=${days.at(-1)}`;

type LatestDays = { columns: Record<string, number[]> };
type PageNumbers = { sums: { totals: Record<string, number> }; latestDays: LatestDays };

/** The metrics of each day, from the columns in which a page gets them. */
function toSeries({ columns }: LatestDays): Record<string, string | number>[] {
  return days.map((date, index) => ({
    date,
    ...Object.fromEntries(metricNames.map((name) => [name, columns[name]?.[index] ?? Number.NaN])),
  }));
}

/** The answer, both pages, and what the table by day and its file hold. */
async function expectShown(shown: Shown, { isMarked }: { isMarked: boolean }): Promise<void> {
  await expectAnswer(shown, { isMarked });
  const series = await countAll(shown);
  for (const [path, route] of [
    ["/app", "routes/app._index"],
    ["/app/testimonials/analytics", "routes/app.testimonials.analytics"],
  ]) {
    const { body } = await openPage(shown, `${path}${search}&_data=${route}`);
    const { numbers } = body as unknown as { numbers: PageNumbers };
    expect(numbers.sums.totals).toEqual(sumUp(series));
    expect(toSeries(numbers.latestDays)).toEqual(series);
    const { status, text } = await openPage(shown, `${path}${search}`);
    expect(status).toBe(200);
    expect(text).not.toMatch(/NaN|could not be read|could not be shown/);
  }

  const { text } = await openPage(shown, `/app/testimonials/analytics${search}`);
  const table = text.slice(text.indexOf("Counts by day"));
  const cells = (html: string, tag: string) =>
    [...html.matchAll(new RegExp(`<${tag}\\b[^>]*>(.*?)</${tag}>`, "gs"))].map(([, cell]) => cell ?? "");
  const headings = cells(table, "thead").flatMap((head) => cells(head, "th"));
  const labels = ["Requests opened", "Sum of ratings", "Verified, by submission"];
  expect(headings.slice(-3)).toEqual(labels);
  const rows = cells(cells(table, "tbody")[0] ?? "", "tr").map((row) => cells(row, "td").map(Number));
  const latest = [...series].reverse().slice(0, rows.length);
  expect(rows.length).toBeGreaterThan(10);
  expect(rows).toEqual(latest.map(({ date: _, ...counts }) => Object.values(counts)));
  await expectFile(shown, series);
}

/** The file that the page makes of what it holds. */
async function expectFile(shown: Shown, series: Record<string, string | number>[]): Promise<void> {
  const { body } = await openPage(
    shown,
    `/app/testimonials/analytics${search}&_data=routes/app.testimonials.analytics`,
  );
  const { numbers } = body as unknown as { numbers: PageNumbers };
  const { copy } = shown;
  copy.write(
    "csv.ts",
    `import { toDailyCsv } from "~/report/daily";\nimport { english } from "~/texts/locale";\nprocess.stdout.write(toDailyCsv(english, ${JSON.stringify(numbers.latestDays)} as never));\n`,
  );
  const lines = (await copy.run("node --import tsx csv.ts")).trim().split("\r\n");
  expect(lines[0]).toMatch(/,Requests opened,Sum of ratings,"Verified, by submission",Opened so far,/);
  const rows = lines.slice(1, -1).map((line) =>
    line
      .split(",")
      .slice(0, 1 + metricNames.length)
      .join(","),
  );
  expect(rows).toEqual(series.map((day) => Object.values(day).join(",")));
}

/** A run leaves the rows of active days as they should be, and nothing to count. */
async function expectRun(shown: Shown): Promise<void> {
  expect((await postRollup(shown.server)).body).toMatchObject({ status: "ok", remaining: 0, failedShops: [] });
  await expectStored(shown);
  await expectAnswer(shown, { isMarked: false });
}

async function expectStored(shown: Shown): Promise<void> {
  const stored = await shown.query<Record<string, string | number>>(`
    select date::text, requests_sent as "requestsSent", requests_clicked as "requestsClicked",
      submissions_count as "submissionsCount", approved_count as "approvedCount", published_count as "publishedCount",
      video_submissions_count as "videoSubmissionsCount", photo_submissions_count as "photoSubmissionsCount",
      requests_opened as "requestsOpened", rating_sum as "ratingSum", verified_count as "verifiedCount"
    from testimonial_daily_analytics
    order by date`);
  const active = (await countAll(shown)).filter((day) => Object.values(sumUp([day])).some((count) => count > 0));
  expect(stored).toEqual(active);
}

/** A verification finds nothing in right rows, and a wrong count of a new metric where no mark is. */
async function expectVerified(shown: Shown): Promise<void> {
  const { server, query } = shown;
  const verify = () => ask(`${server.url}/jobs/verify`, { method: "POST", headers: cron });
  expect((await verify()).body).toMatchObject({ status: "ok", drifted: 0 });
  await query("update testimonial_daily_analytics set rating_sum = rating_sum + 1 where date = $1", [toDay(20)]);
  await query("update testimonial_daily_analytics set verified_count = 0 where date = $1", [toDay(18)]);
  expect((await verify()).body).toMatchObject({ status: "ok", drifted: 2, driftedAfter: 0 });
  await expectStored(shown);
}

async function expectRebuilt(shown: Shown): Promise<void> {
  const { server, query } = shown;
  await query("update testimonial_daily_analytics set requests_opened = 77, rating_sum = 0, verified_count = 5");
  const { body } = await postRebuild(server, { fromDate: days[0], toDate: days.at(-1) });
  const runId = String(body.runId);
  await untilAnswer(
    "the rebuild to end",
    () => getRebuild(server, runId),
    (answer) => answer.body.status === ("ok" as never),
  );
  await expectStored(shown);
  await expectShown(shown, { isMarked: false });
}
