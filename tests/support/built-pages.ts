import { createRequestHandler, type RequestHandler, type ServerBuild } from "@remix-run/node";
import { expect } from "vitest";
import { db } from "~/db.server";
import { countCohorts, countDays, readSourceRows, sumCohorts, sumDays } from "./oracle";
import { daysAgo, openPage, type PageName, toPageRequest } from "./pages";
import { addSubmission, at, type TestShop } from "./shops";

let handler: Promise<RequestHandler> | undefined;

/** A page as the built server writes it, before any script runs. */
export function openBuiltPage(page: PageName, shop: TestShop, query?: Record<string, string>): Promise<Response> {
  return askBuild(toPageRequest(page, shop, query));
}

/** What the built server answers to any request. */
export async function askBuild(request: Request): Promise<Response> {
  handler ??= importHandler();
  return (await handler)(request);
}

async function importHandler(): Promise<RequestHandler> {
  const buildFile = new URL("../../build/server/index.js", import.meta.url).href;
  return createRequestHandler((await import(/* @vite-ignore */ buildFile)) as ServerBuild, "production");
}

/** The markup of a page that must be whole. */
export async function readHtml(page: PageName, shop: TestShop, query?: Record<string, string>): Promise<string> {
  const response = await openBuiltPage(page, shop, query);
  expect(response.status).toBe(200);
  return response.text();
}

/** A testimonial with some columns set in SQL: Prisma's client can't write most of what a host's table can hold. */
export async function addOddSubmission(shop: TestShop, columns: Record<string, string>): Promise<void> {
  const { id } = await addSubmission(shop, { submittedAt: at(daysAgo(1)), rating: 4, headline: "As usual" });
  const list = Object.entries(columns).map(([column, value]) => `${column} = ${value}`);
  await db.$executeRawUnsafe(`update testimonial_submissions set ${list.join(", ")} where id = $1`, id);
}

/** Asserts that both pages show the shop's numbers in every range. */
export async function expectPagesWhole(shop: TestShop): Promise<void> {
  for (const page of ["dashboard", "analytics"] as const) {
    for (const range of ["7", "90"]) {
      const { status, data } = await openPage(page, shop, { range });
      expect([status, data.state]).toEqual([200, "ready"]);
      const { from, to } = data.choice.shown;
      const rows = await readSourceRows(shop.id);
      expect(data.numbers?.sums).toEqual({
        totals: sumDays(countDays(rows), from, to),
        cohort: sumCohorts(countCohorts(rows), from, to),
      });
      const html = await readHtml(page, shop, { range });
      expect(html).not.toMatch(/NaN|Infinity|Invalid|\[object |could not be read|could not be shown/);
    }
  }
}
