import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { Day } from "~/services/rollup/day";
import { type CohortCounts, type Counts, cohortMetrics, metrics } from "~/testimonial-rollup";
import { call } from "../call";
import { noCohort, zeros } from "../counts";
import { sumCohorts, sumDays } from "../oracle";
import { browser, signSessionToken } from "../session-token";
import type { App } from "./app";
import type { Figures } from "./figures";
import { getNearRange, listDays, shiftDay } from "./instants";
import { type AllCounts, countShop, getShop, type ModelShop, type World } from "./world";

/** A daily row as it is stored. `version` is its row version: any write gives it another. */
export type StoredRow = {
  id: string;
  shopId: string;
  date: string;
  version: string;
  updatedAt: string;
  counts: AllCounts;
};

/** How the daily rows differ from those of before. */
export type Change = { written: number; deleted: number };

export const unchanged: Change = { written: 0, deleted: 0 };

type Stored = { stored: Map<string, StoredRow> };
type Checked = { world: World; app: App; figures: Figures };

/** Throws where the two differ, and says what. */
export function expectSame(what: string, actual: unknown, expected: unknown, figures: Figures): void {
  figures.comparisons += 1;
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Error(`${what}\n  is        ${JSON.stringify(actual)}\n  should be ${JSON.stringify(expected)}`);
}

/**
 * Asserts that a read of every shop, over all its days, is what the oracle counts in the model. One shop, another at each
 * step, is asked for by the route, as its merchant does.
 */
export async function expectReadsExact(checked: Checked & Stored, number: number): Promise<void> {
  const { world, stored } = checked;
  const asked = getShop(world, number % world.shops.length);
  const reads = world.shops.flatMap((shop) => {
    const counted = countShop(world, shop);
    const dates = [...stored.values()].filter((row) => row.shopId === shop.id).map((row) => row.date);
    const near = getNearRange(world.today);
    const far = listFarDays(near, [...counted.keys(), ...dates]);
    const expectExact = shop === asked && shop.state === "installed" ? expectAnswerExact : expectReadExact;
    return [
      expectExact(checked, shop, counted, near),
      ...far.map((day) => expectReadExact(checked, shop, counted, { from: day, to: day })),
    ];
  });
  await Promise.all(reads);
}

/** Each day outside the range on which something is, or was. */
function listFarDays(range: Range, days: string[]): string[] {
  return [...new Set(days)].filter((day) => day < range.from || day > range.to);
}

type Range = { from: string; to: string };

async function expectReadExact(
  { app, figures }: Checked,
  shop: ModelShop,
  counted: Map<string, AllCounts>,
  { from, to }: Range,
): Promise<void> {
  const days = listDays(from, to);
  const before = { from: shiftDay(from, -days.length), to: shiftDay(from, -1) };
  const range = { from: from as Day, until: shiftDay(to, 1) as Day };
  const { beside, ...read } = await app.instance.readRangeWith(shop.id, range, {
    ranges: { before: { from: before.from as Day, until: range.from } },
    extras: noExtras,
  });
  const where = `of shop ${shop.key} from ${from} to ${to}`;
  expectSums(`the sums ${where}`, read, counted, { from, to }, figures);
  expectSums(`the sums before those ${where}`, beside.before, counted, before, figures);
  expectSeries(`the series ${where}`, read, counted, days, figures);
}

const noExtras = { sql: "null::json", schema: z.null() };

async function expectAnswerExact(
  { app, figures }: Checked,
  shop: ModelShop,
  counted: Map<string, AllCounts>,
  { from, to }: Range,
): Promise<void> {
  const headers = { Authorization: `Bearer ${signSessionToken(shop.domain)}`, "User-Agent": browser };
  const response = await call(app.rangeSum, `/app/range-sum?from=${from}&to=${to}&series=1`, { headers });
  const answer = (await response.json()) as { shopId: string } & Sums & Series;
  const where = `in the answer to shop ${shop.key} from ${from} to ${to}`;
  expectSame(`the shop ${where}`, [response.status, answer.shopId], [200, shop.id], figures);
  expectSums(`the sums ${where}`, answer, counted, { from, to }, figures);
  expectSeries(`the series ${where}`, answer, counted, listDays(from, to), figures);
}

type Sums = { totals: Counts; cohort: CohortCounts };
type Series = { series: (Counts & { date: string })[]; cohortSeries: CohortCounts[] };

function expectSums(
  what: string,
  { totals, cohort }: Sums,
  counted: Map<string, AllCounts>,
  { from, to }: Range,
  figures: Figures,
): void {
  const expected = { totals: sumDays(counted, from, to), cohort: sumCohorts(counted, from, to) };
  expectSame(what, { totals, cohort }, expected, figures);
}

function expectSeries(
  what: string,
  { series, cohortSeries }: Series,
  counted: Map<string, AllCounts>,
  days: string[],
  figures: Figures,
): void {
  expectSame(`${what}: its number of days`, [series.length, cohortSeries.length], [days.length, days.length], figures);
  for (const [index, date] of days.entries()) {
    const expected = { ...zeros, ...noCohort, ...counted.get(date), date };
    expectSame(`${what}: ${date}`, { ...series[index], ...cohortSeries[index] }, expected, figures);
    expectStagesInOrder(`${what}: ${date}`, { ...series[index], ...cohortSeries[index] } as AllCounts, figures);
  }
}

/** No stage of a cohort is above the one before. */
function expectStagesInOrder(what: string, counts: AllCounts, figures: Figures): void {
  const { requestsSent, sentOpened, sentClicked, sentSubmitted } = counts;
  const { submissionsCount, submittedApproved, submittedRejected, submittedPublished } = counts;
  const chains = [
    [requestsSent, sentOpened, sentClicked, sentSubmitted],
    [submissionsCount, submittedApproved, submittedPublished],
    [submissionsCount, submittedApproved + submittedRejected],
  ];
  for (const chain of chains) {
    expectSame(
      `the stages of ${what}`,
      chain,
      [...chain].sort((a, b) => b - a),
      figures,
    );
  }
}

/** All daily rows, by their ids. */
export async function readStored(app: App): Promise<Map<string, StoredRow>> {
  const rows = await app.db.$queryRawUnsafe<StoredRow[]>(`
select a.id, a.shop_id as "shopId", a.date::text as date, a.xmin::text as version, a.updated_at::text as "updatedAt",
  json_build_object(${Object.entries({ ...metrics, ...cohortMetrics })
    .map(([name, { column }]) => `'${name}', ${column}`)
    .join(", ")}) as counts
from testimonial_daily_analytics a
order by a.shop_id, a.date`);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Asserts that a row was touched only where a value changed, and counts what was written and what was deleted. */
export function expectTouchedOnlyWhereChanged(
  before: Map<string, StoredRow>,
  after: Map<string, StoredRow>,
  figures: Figures,
): Change {
  const change: Change = { written: 0, deleted: 0 };
  for (const row of after.values()) {
    const old = before.get(row.id);
    const isSame = old && isDeepStrictEqual(old.counts, row.counts);
    if (!isSame) change.written += 1;
    // A shop that gets another id takes its rows along: written, but not changed.
    if (isSame && old.shopId === row.shopId) expectSame(`the unchanged row of ${row.date}`, row, old, figures);
    if (isSame) expectSame(`updated_at of the unchanged row of ${row.date}`, row.updatedAt, old.updatedAt, figures);
    if (old && !isSame) {
      const isLater = row.updatedAt >= old.updatedAt;
      expectSame(
        `updated_at of ${row.date}, ${old.updatedAt} and then ${row.updatedAt}, moved on`,
        isLater,
        true,
        figures,
      );
    }
  }
  for (const id of before.keys()) if (!after.has(id)) change.deleted += 1;
  return change;
}

/** Asserts that the stored rows of these shops, on the days that `isMeant`, are row for row what the oracle counts. */
export function expectStoredExact(
  { world, figures }: Pick<Checked, "world" | "figures">,
  stored: Map<string, StoredRow>,
  shops: ModelShop[],
  isMeant: (day: string) => boolean = () => true,
): void {
  for (const shop of shops) {
    const rows = [...stored.values()].filter((row) => row.shopId === shop.id && isMeant(row.date));
    const counted = [...countShop(world, shop)].filter(([day]) => isMeant(day));
    const actual = rows.map((row) => [row.date, row.counts]);
    expectSame(`the stored rows of shop ${shop.key}`, actual, counted, figures);
  }
}
