import { describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import type { Day } from "~/services/rollup/day";
import { countsOf } from "./support/counts";
import {
  addClickEvent,
  addRequest,
  addSubmission,
  at,
  expectReadExact,
  expectStoredExact,
  makeShop,
  readStoredRows,
} from "./support/shops";

const today = "2026-06-15" as Day;
const run = () => rollup.run({ trigger: "cron", today });

describe("what counts on a day", () => {
  const days = [
    { name: "leap day", day: "2024-02-29", before: "2024-02-28", after: "2024-03-01" },
    { name: "the last day of a year", day: "2025-12-31", before: "2025-12-30", after: "2026-01-01" },
    { name: "the day clocks go forward in New York", day: "2026-03-08", before: "2026-03-07", after: "2026-03-09" },
    { name: "the day clocks go back in New York", day: "2026-11-01", before: "2026-10-31", after: "2026-11-02" },
    { name: "the day that begins at one in Cairo", day: "2026-04-24", before: "2026-04-23", after: "2026-04-25" },
    { name: "the day that begins at one in Santiago", day: "2026-09-06", before: "2026-09-05", after: "2026-09-07" },
    { name: "the first day of 1970", day: "1970-01-01", before: "1969-12-31", after: "1970-01-02" },
    { name: "a day in 1999", day: "1999-07-04", before: "1999-07-03", after: "1999-07-05" },
    { name: "a day in 2099", day: "2099-07-04", before: "2099-07-03", after: "2099-07-05" },
  ];

  test.for(days)("$name begins at 00:00:00.000Z and ends after 23:59:59.999Z", async ({ day, before, after }) => {
    const shop = await makeShop();
    await addRequest(shop, { sentAt: at(before, "23:59:59.999") });
    await addRequest(shop, { sentAt: at(day, "00:00:00.000") });
    await addRequest(shop, { sentAt: at(day, "23:59:59.999") });
    await addRequest(shop, { sentAt: at(after, "00:00:00.000") });

    await expectReadExact(shop, before, after);
    await run();

    expect(await readStoredRows(shop)).toEqual(
      new Map([
        [before, countsOf({ requestsSent: 1 })],
        [day, countsOf({ requestsSent: 2 })],
        [after, countsOf({ requestsSent: 1 })],
      ]),
    );
    await expectReadExact(shop, before, after);
  });

  test("each instant of a testimonial counts on its own day", async () => {
    const shop = await makeShop();
    await addSubmission(shop, {
      mediaType: "video",
      submittedAt: at("2026-05-01"),
      approvedAt: at("2026-05-02"),
      publishedAt: at("2026-05-04"),
    });
    await run();
    expect(await readStoredRows(shop)).toEqual(
      new Map([
        ["2026-05-01", countsOf({ submissionsCount: 1, videoSubmissionsCount: 1 })],
        ["2026-05-02", countsOf({ approvedCount: 1 })],
        ["2026-05-04", countsOf({ publishedCount: 1 })],
      ]),
    );
  });

  test("videos and photos count apart, and texts in the sum alone", async () => {
    const shop = await makeShop();
    for (const mediaType of ["video", "photo", "photo", "text", "text", "text"]) {
      await addSubmission(shop, { mediaType, submittedAt: at("2026-05-01") });
    }
    await run();
    expect(await readStoredRows(shop)).toEqual(
      new Map([["2026-05-01", countsOf({ submissionsCount: 6, videoSubmissionsCount: 1, photoSubmissionsCount: 2 })]]),
    );
  });

  test("a request without clicked_at counts once on each day with click events", async () => {
    const shop = await makeShop();
    const request = await addRequest(shop);
    await addClickEvent(shop, request.id, at("2026-05-01", "00:00:00.000"));
    await addClickEvent(shop, request.id, at("2026-05-01", "23:59:59.999"));
    await addClickEvent(shop, request.id, at("2026-05-03"));
    await run();
    expect(await readStoredRows(shop)).toEqual(
      new Map([
        ["2026-05-01", countsOf({ requestsClicked: 1 })],
        ["2026-05-03", countsOf({ requestsClicked: 1 })],
      ]),
    );
  });

  test("clicked_at takes the place of the click events", async () => {
    const shop = await makeShop();
    const request = await addRequest(shop, { clickedAt: at("2026-05-02") });
    await addClickEvent(shop, request.id, at("2026-05-01"));
    await run();
    expect(await readStoredRows(shop)).toEqual(new Map([["2026-05-02", countsOf({ requestsClicked: 1 })]]));
  });

  test("a click event counts in the shop of its request alone", async () => {
    const shop = await makeShop();
    const other = await makeShop();
    const request = await addRequest(shop);
    await addClickEvent(other, request.id, at("2026-05-01"));
    await run();
    expect(await readStoredRows(shop)).toEqual(new Map());
    expect(await readStoredRows(other)).toEqual(new Map());
  });

  test("opened and delivered events count nowhere", async () => {
    const shop = await makeShop();
    const request = await addRequest(shop);
    for (const eventType of ["queued", "sent", "delivered", "opened", "failed"]) {
      await db.testimonialRequestEvent.create({
        data: { shopId: shop.id, requestId: request.id, eventType, eventAt: at("2026-05-01") },
      });
    }
    await run();
    expect(await readStoredRows(shop)).toEqual(new Map());
  });

  test("an infinite or missing instant lies on no day", async () => {
    const shop = await makeShop();
    await db.$executeRawUnsafe(
      `insert into testimonial_requests (shop_id, sent_at, clicked_at)
       values ($1, 'infinity', '-infinity'), ($1, null, null), ($1, '2026-05-01 08:00', 'infinity')`,
      shop.id,
    );
    await run();
    expect(await readStoredRows(shop)).toEqual(new Map([["2026-05-01", countsOf({ requestsSent: 1 })]]));
  });

  test("a mixed history is stored and read as the oracle counts it", async () => {
    const shop = await makeShop();
    for (let index = 0; index < 60; index += 1) {
      const day = `2026-04-${String(1 + ((index * 7) % 30)).padStart(2, "0")}`;
      const later = `2026-05-${String(1 + ((index * 11) % 31)).padStart(2, "0")}`;
      const request = await addRequest(shop, { sentAt: at(day), clickedAt: index % 3 === 0 ? at(later) : null });
      if (index % 2 === 0) await addClickEvent(shop, request.id, at(later, "23:59:59.999"));
      await addSubmission(shop, {
        requestId: request.id,
        mediaType: ["video", "photo", "text"][index % 3],
        status: index % 4 === 0 ? "approved" : "pending",
        submittedAt: at(later),
        publishedAt: index % 8 === 0 ? at("2026-06-01") : null,
      });
    }
    await expectReadExact(shop, "2026-03-15", "2026-06-15");
    await run();
    await expectStoredExact(shop);
    await expectReadExact(shop, "2026-03-15", "2026-06-15");
  });
});
